import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { debianMirror, parseClassic, parseDeb822 } from "../../local-cloud/guest-packages/debianMirror.ts";
import { guestPackagePrograms } from "../../local-cloud/guest-packages/guestPackages.ts";

describe("this machine's Debian mirror", () => {
  let etcApt: string;
  beforeEach(() => {
    etcApt = mkdtempSync(join(tmpdir(), "etc-apt-"));
    mkdirSync(join(etcApt, "sources.list.d"));
  });
  afterEach(() => {
    rmSync(etcApt, { recursive: true });
  });

  it("is read from a .sources file", () => {
    writeFileSync(
      join(etcApt, "sources.list.d/debian.sources"),
      `Types: deb
# URIs: http://old.example/debian
URIs: http://mirror.example/debian/
Suites: bookworm
 bookworm-updates
Components: main
Signed-By: /usr/share/keyrings/debian-archive-keyring.gpg

Types: deb deb-src
URIs: https://mirror.example/debian-security
Suites: bookworm-security
Components: main
`,
    );
    expect(debianMirror(etcApt)).toEqual({
      main: "http://mirror.example/debian",
      security: "https://mirror.example/debian-security",
    });
  });

  it("is read from a sources.list, whatever else is listed", () => {
    writeFileSync(
      join(etcApt, "sources.list"),
      `# deb http://old.example/debian bookworm main
deb-src http://mirror.example/debian bookworm main
deb [arch=amd64 signed-by=/k.gpg] http://mirror.example/debian bookworm main contrib
deb http://mirror.example/debian-security bookworm-security main
`,
    );
    writeFileSync(join(etcApt, "sources.list.d/other.list"), "deb https://other.example/apt stable main\n");
    expect(debianMirror(etcApt)).toEqual({
      main: "http://mirror.example/debian",
      security: "http://mirror.example/debian-security",
    });
  });

  it("is refused where nothing usable is listed", () => {
    expect(() => debianMirror(join(etcApt, "missing"))).toThrow(
      "names no http address for bookworm and bookworm-security",
    );
    writeFileSync(
      join(etcApt, "sources.list.d/debian.list.disabled"),
      "deb http://mirror.example/debian bookworm main\n",
    );
    writeFileSync(
      join(etcApt, "sources.list"),
      "deb cdrom:[Debian]/ bookworm main\ndeb file:/srv/debian bookworm main\n",
    );
    expect(() => debianMirror(etcApt)).toThrow("guests need both, add them there");
  });

  it("leaves out what is disabled or has no binary packages", () => {
    expect(
      parseDeb822("Types: deb\nURIs: http://a\nSuites: s\nEnabled: no\n\nTypes: deb-src\nURIs: http://b\nSuites: s\n"),
    ).toEqual([]);
    expect(parseClassic("#deb http://a s main\ndeb-src http://b s main\n")).toEqual([]);
  });
});

describe("the programs that serve guests' packages", () => {
  const programs = guestPackagePrograms();
  const onHost = programs.filter(({ where }) => where === "host");

  it("open nothing on the host but one port of 127.0.0.1", () => {
    expect(onHost.map(({ command }) => command).join("\n")).not.toContain("TCP-LISTEN");
    const settings = programs
      .flatMap(({ configFiles = [] }) => configFiles)
      .find(({ path }) => path.endsWith("acng.conf"));
    expect(settings?.text).toMatch(/^BindAddress: 127\.0\.0\.1$/m);
    // Above 32767 apt-cacher-ng cannot listen.
    expect(Number(/^Port: (\d+)$/m.exec(settings?.text ?? "")?.[1])).toBeLessThan(32768);
  });

  it("lead to Debian and nowhere else", () => {
    const settings = programs
      .flatMap(({ configFiles = [] }) => configFiles)
      .find(({ path }) => path.endsWith("acng.conf"));
    expect(settings?.text).toMatch(/^ForceManaged: 1$/m);
    expect(settings?.text.match(/^Remap-.*$/gm)).toHaveLength(2);
  });

  it("meet at a socket that only root may open", () => {
    const [listening] = onHost.filter(({ command }) => command.includes("UNIX-LISTEN"));
    expect(listening?.command).toContain("mode=600");
  });
});
