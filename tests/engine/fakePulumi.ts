import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { EngineSettings } from "../../engine/engineSettings.ts";

/** A `pulumi` that answers as it is told, and keeps what it was asked. */
export class FakePulumi {
  readonly folder = mkdtempSync(join(tmpdir(), "pulumi-"));
  readonly settings: EngineSettings;

  /** @param cases of a shell's `case "$*"`: `"stack export"*) echo '{}' ;;` */
  constructor(...cases: string[]) {
    const settingsFolder = join(this.folder, "settings");
    const bin = join(this.folder, "bin");
    for (const folder of [settingsFolder, bin]) mkdirSync(folder);
    const script = `#!/bin/sh\necho "$*" >> "${this.folder}/asked"\ncase "$*" in\n${cases.join("\n")}\nesac\n`;
    writeFileSync(join(bin, "pulumi"), script, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}` };
    this.settings = { env, settingsFolder, projectFolder: this.folder };
  }

  /** Without what every command is given. */
  get asked(): string[] {
    const file = join(this.folder, "asked");
    const lines = existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
    return lines.map((line) => line.replace(" --non-interactive --color never", ""));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
