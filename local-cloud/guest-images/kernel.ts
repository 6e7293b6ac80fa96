import { chmod, copyFile, cp, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { unpackPackages } from "./rootFiles.ts";

/** What the initramfs loads before it looks for the root disk, each after those it needs. All else is on the root disk. */
const bootModules = [
  "drivers/virtio/virtio_ring.ko",
  "drivers/virtio/virtio.ko",
  "drivers/virtio/virtio_pci_legacy_dev.ko",
  "drivers/virtio/virtio_pci_modern_dev.ko",
  "drivers/virtio/virtio_pci.ko",
  "drivers/block/virtio_blk.ko",
  "net/core/failover.ko",
  "drivers/net/net_failover.ko",
  "drivers/net/virtio_net.ko",
  "drivers/char/hw_random/virtio-rng.ko",
];

/** A kernel as it is started by the hypervisor itself: no boot loader, no firmware reading the disk. */
export interface Kernel {
  /** The compressed kernel. */
  image: string;
  initramfs: string;
  /** Below it, `<version>/kernel/…` as in /lib/modules. */
  modules: string;
  version: string;
}

/** Debian's kernel for virtual machines, with a small initramfs of our own: Debian's would take seconds to unpack in emulation. */
export async function makeKernel(work: string): Promise<Kernel> {
  const { stdout } = await execa("apt-cache", ["depends", "--important", "linux-image-cloud-amd64"]);
  const name = /Depends: (linux-image-\S+)/.exec(stdout)?.[1];
  if (name === undefined) throw new Error("apt knows no linux-image-cloud-amd64: run `apt-get update`");
  const unpacked = join(work, "kernel");
  await unpackPackages([name, "busybox-static"], unpacked, ["./usr/share/*"]);
  const modules = join(unpacked, "lib/modules");
  const [version] = await readdir(modules);
  if (version === undefined) throw new Error(`no modules in package ${name}`);
  const image = join(unpacked, "boot", `vmlinuz-${version}`);
  return { image, modules, version, initramfs: await makeInitramfs(work, unpacked, join(modules, version, "kernel")) };
}

async function makeInitramfs(work: string, unpacked: string, modules: string): Promise<string> {
  const tree = join(work, "initramfs.tree");
  for (const folder of ["bin", "dev", "proc", "sys", "new", "modules"])
    await mkdir(join(tree, folder), { recursive: true });
  await copyFile(join(unpacked, "bin/busybox"), join(tree, "bin/busybox"));
  await execa("ln", ["-s", "busybox", join(tree, "bin/sh")]);
  await copyFile(join(import.meta.dirname, "kernel/init"), join(tree, "init"));
  await chmod(join(tree, "init"), 0o755);
  const order: string[] = [];
  for (const module of bootModules) {
    const name = module.replace(/^.*\/(.*)\.ko$/, "$1");
    await cp(join(modules, module), join(tree, "modules", `${name}.ko`));
    order.push(name);
  }
  await writeFile(join(tree, "modules/order"), `${order.join("\n")}\n`);
  const initramfs = join(work, "initramfs");
  await execa("sh", ["-euc", 'cd "$0"; find . | cpio --quiet -o -H newc -R 0:0 | gzip -1 >"$1"', tree, initramfs]);
  await rm(tree, { recursive: true });
  return initramfs;
}
