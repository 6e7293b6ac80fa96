import { join } from "node:path";
import { etc } from "../paths.ts";
import type { ConfigFile, Program } from "../program.ts";

/** Stands in for /etc/libvirt inside (see privateMounts.ts), so that the host's own libvirt, if any, is not touched. */
export const libvirtEtc = join(etc, "libvirt");

const qemuConfig: ConfigFile = {
  path: join(libvirtEtc, "qemu.conf"),
  // The namespaces around the cloud are its fence; libvirt needs neither cgroups nor a security driver of the host.
  text: [
    'user = "root"',
    'group = "root"',
    "dynamic_ownership = 0",
    "remember_owner = 0",
    'security_driver = "none"',
    "namespaces = [ ]",
    "cgroup_controllers = [ ]",
    'stdio_handler = "logd"',
    "",
  ].join("\n"),
};

const daemonConfig: ConfigFile = {
  path: join(libvirtEtc, "libvirtd.conf"),
  text: [
    'auth_unix_rw = "none"',
    'auth_unix_ro = "none"',
    'unix_sock_group = "root"',
    'unix_sock_ro_perms = "0700"',
    'unix_sock_rw_perms = "0700"',
    // Of this copy of libvirt, whatever the machine's own is called.
    'host_uuid_source = "machine-id"',
    "",
  ].join("\n"),
};

export const virtlogd: Program = { name: "virtlogd", command: "/usr/sbin/virtlogd", where: "inside" };

/** Guests outlive it: it finds them again when it is restarted. */
export const libvirtd: Program = {
  name: "libvirtd",
  command: "/usr/sbin/libvirtd",
  where: "inside",
  configFiles: [qemuConfig, daemonConfig],
  supervisor: { stopasgroup: "false", killasgroup: "false" },
};
