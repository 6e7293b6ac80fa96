import { mkdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, launch, type Page } from "puppeteer-core";
import { installPackages } from "../../local-cloud/packages.ts";

/** Debian's Chromium without a screen, in a profile of its own. Traffic goes to this machine alone. */
export async function openBrowser(): Promise<Browser> {
  await installPackages(["chromium", "fonts-dejavu-core"], () => undefined);
  return launch({
    executablePath: "/usr/bin/chromium",
    args: [
      // Tests run as root.
      "--no-sandbox",
      "--no-proxy-server",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--no-first-run",
    ],
  });
}

const screenshots = join(tmpdir(), "openstack-classroom-screenshots");

/** For a person to look at when something is odd. @returns the file */
export async function screenshot(page: Page, name: string): Promise<string> {
  mkdirSync(screenshots, { recursive: true, mode: 0o700 });
  const path = join(screenshots, `${name}.png`);
  rmSync(path, { force: true });
  await page.screenshot({ path: `${screenshots}/${name}.png` });
  return path;
}
