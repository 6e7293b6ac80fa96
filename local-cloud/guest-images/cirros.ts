import { chmod, copyFile, mkdir, symlink } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { ImageRecipe } from "./guestImage.ts";
import { guestImage } from "./imageBuild.ts";
import { copyRootFiles, unpackPackages } from "./rootFiles.ts";

/** Programs, then the libraries they load. Not busybox-static: its shell never runs a program that has the name of an applet. */
const packages = [
  ...["busybox", "dropbear-bin", "sudo", "e2fsprogs"],
  ...["libc6", "libcrypt1", "libtomcrypt1", "libtommath1", "libgmp10", "zlib1g"],
  ...["libpam0g", "libpam-modules", "libaudit1", "libcap-ng0", "libselinux1", "libpcre2-8-0", "libapparmor1"],
  ...["libext2fs2", "libcom-err2", "libss2", "libblkid1", "libuuid1", "logsave"],
];

/** Without /etc/pam.d/sudo, which includes files of a full Debian, sudo follows our /etc/pam.d/other. */
const notWanted = [
  "./etc/pam.d/*",
  "./usr/share/*",
  "./lib/systemd",
  "./usr/lib/systemd",
  "./etc/init.d",
  "*/gconv",
  "*/e2scrub*",
  "./usr/lib/tmpfiles.d",
];

/** The power button, for an orderly shutdown. */
const modules = ["drivers/acpi/button.ko", "drivers/input/evdev.ko"];

async function makeRoot({ root, kernel }: Parameters<ImageRecipe["makeRoot"]>[0]): Promise<void> {
  await unpackPackages(packages, root, notWanted);
  for (const folder of [
    "dev",
    "proc",
    "sys",
    "run",
    "tmp",
    "mnt",
    "root",
    "home/cirros",
    "var/www/html",
    "var/log",
    "var/lib",
    "lib/modules",
  ])
    await mkdir(join(root, folder), { recursive: true, mode: 0o755 });
  const busybox = join(root, "bin/busybox");
  const { stdout } = await execa(busybox, ["--list"]);
  // The file system tools of e2fsprogs know ext4 and take the options that students read about.
  for (const applet of stdout.split("\n").filter((name) => !["busybox", "mke2fs", "ping"].includes(name)))
    await symlink("busybox", join(root, "bin", applet));
  await symlink("/bin/busybox", join(root, "sbin/init"));
  await symlink("dbclient", join(root, "usr/bin/ssh"));
  for (const module of modules)
    await copyFile(
      join(kernel.modules, kernel.version, "kernel", module),
      join(root, "lib/modules", module.replace(/^.*\//, "")),
    );
  await copyRootFiles("cirros/root", root);
  await chmod(join(root, "etc/shadow"), 0o600);
  await chmod(join(root, "etc/sudoers"), 0o440);
  await chmod(join(root, "root"), 0o700);
  await chmod(join(root, "tmp"), 0o1777);
}

/**
 * A small guest that is up within seconds even in emulation, and feels like CirrOS (https://github.com/cirros-dev/cirros): login
 * `cirros`, password `gocubsgo` on the console only, sudo without a password, user data that begins with `#!`. On port 80 it
 * serves /var/www/html.
 */
export const cirros = guestImage({
  name: "cirros",
  loginUser: "cirros",
  distribution: { name: "cirros", version: "0.6" },
  minRamMiB: 128,
  minDiskGiB: 1,
  rootMiB: 48,
  kernelArguments: "",
  madeFrom: ["cirros.ts", "cirros"],
  makeRoot,
});
