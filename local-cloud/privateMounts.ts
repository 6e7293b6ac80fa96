import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { apiOnly } from "./cloudKind.ts";
import { libvirtEtc } from "./config/libvirt.ts";
import { etc, logs, namespace, state } from "./paths.ts";
import type { ConfigFile } from "./program.ts";

/**
 * Empty folders of the cloud's own, gone when it stops. Nested network namespaces and libvirt's sockets thus stay out of the host's;
 * and nothing inside finds the host's systemd, which would want to keep account of guests, or its journal.
 */
export const privateFolders: readonly string[] = apiOnly
  ? []
  : ["/run/netns", "/run/libvirt", "/run/dbus", "/run/systemd"];

const hosts: ConfigFile = {
  path: join(etc, "hosts"),
  text: `127.0.0.1 localhost ${namespace}\n`,
  mode: 0o644,
};

/** Put over files and folders of the host, as the cloud's processes see them: the host's own stay untouched. */
export const privateMounts: { source: string; target: string }[] = apiOnly
  ? []
  : [
      { source: hosts.path, target: "/etc/hosts" },
      { source: libvirtEtc, target: "/etc/libvirt" },
      { source: join(state, "libvirt"), target: "/var/lib/libvirt" },
      { source: join(state, "libvirt-cache"), target: "/var/cache/libvirt" },
      { source: join(logs, "libvirt"), target: "/var/log/libvirt" },
    ];

export const privateMountFiles: readonly ConfigFile[] = apiOnly ? [] : [hosts];

export function makePrivateFolders(): void {
  for (const { source } of privateMounts)
    if (!privateMountFiles.some(({ path }) => path === source)) mkdirSync(source, { recursive: true });
}
