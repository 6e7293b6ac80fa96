/** How packages are named and services are run: Debian and Ubuntu, or Rocky, Alma, CentOS and Fedora. */
export type PackageFamily = "debian" | "rhel";

/** A part of a cloud-config: https://cloudinit.readthedocs.io/en/latest/reference/modules.html */
export interface CloudConfigPart {
  /** Where the packages come from, when not from the distribution. */
  yum_repos?: Record<string, { name: string; baseurl: string; gpgkey: string; gpgcheck: boolean; enabled: boolean }>;
  packages: string[];
  write_files: { path: string; content: string; permissions?: string }[];
  /** Named steps, run in order at the end of the first boot; each says on the console how it went. */
  steps: { name: string; command: string[] }[];
  /** Folder that is served: the ready file is written there when every step has succeeded. */
  documentRoot: string;
}
