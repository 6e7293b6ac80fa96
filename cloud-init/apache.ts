import { indexHtml, type WebPage } from "./page.ts";
import type { CloudConfigPart, PackageFamily } from "./cloudConfigPart.ts";

const DOCUMENT_ROOT = "/var/www/html";

/** Package and service are one name, but not the same everywhere. */
const NAME: Record<PackageFamily, string> = { debian: "apache2", rhel: "httpd" };

/** Apache from the distribution's package, serving a page that names the student. */
export function apacheProfile(options: Omit<WebPage, "servedBy"> & { packageFamily: PackageFamily }): CloudConfigPart {
  const service = NAME[options.packageFamily];
  return {
    packages: [service],
    write_files: [
      // Both packages keep an index.html that is there before them.
      { path: `${DOCUMENT_ROOT}/index.html`, content: indexHtml({ ...options, servedBy: "Apache" }) },
    ],
    steps: [
      // cloud-init goes on when a package cannot be had; this names it instead of a later "unit not found".
      { name: `install-${service}`, command: ["sh", "-c", `command -v ${service}`] },
      { name: `start-${service}`, command: ["systemctl", "enable", "--now", service] },
    ],
    documentRoot: DOCUMENT_ROOT,
  };
}
