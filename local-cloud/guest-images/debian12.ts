import { cp, mkdir, readdir, rename, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { type DebianMirror, debianMirror, guestArchive } from "../guest-packages/debianMirror.ts";
import type { ImageRecipe } from "./guestImage.ts";
import { guestImage } from "./imageBuild.ts";
import { copyRootFiles } from "./rootFiles.ts";

const packages = [
  ...["systemd-sysv", "udev", "dbus", "kmod", "netbase", "iproute2", "iputils-ping", "procps", "e2fsprogs"],
  ...["cloud-init", "openssh-server", "sudo", "ca-certificates", "curl", "less", "nano"],
  // What half of Debian depends on, and most of what a guest would have to fetch and unpack for apache2.
  ...["perl", "libxml2"],
];

/** Read by nobody in a lesson; a fifth of the files. The guest's own dpkg leaves them out, too: see etc/dpkg/dpkg.cfg.d. */
const notWanted = ["/usr/share/man/*", "/usr/share/doc/*", "/usr/share/locale/*", "/usr/share/lintian/*"];

/** Units that wait, or do what nobody needs in a guest that lives for a lesson: each costs time in an emulated boot. */
const maskedUnits = [
  ...["apt-daily.timer", "apt-daily-upgrade.timer", "dpkg-db-backup.timer", "e2scrub_all.timer", "fstrim.timer"],
  ...["e2scrub_reap.service", "logrotate.timer", "systemd-pstore.service", "systemd-timesyncd.service"],
  ...["systemd-hwdb-update.service", "systemd-journal-flush.service", "systemd-network-generator.service"],
  ...["systemd-firstboot.service", "systemd-binfmt.service", "proc-sys-fs-binfmt_misc.automount"],
  ...["modprobe@drm.service", "modprobe@fuse.service", "modprobe@configfs.service", "modprobe@efi_pstore.service"],
  ...["modprobe@loop.service", "modprobe@dm_mod.service", "kmod-static-nodes.service", "apparmor.service"],
  ...["dev-hugepages.mount", "dev-mqueue.mount", "sys-kernel-debug.mount", "sys-kernel-tracing.mount"],
  ...["sys-fs-fuse-connections.mount", "sys-kernel-config.mount", "cloud-init-hotplugd.socket"],
];

/** Run at every `systemctl daemon-reload`, of which there are half a dozen in the installation of one service. */
const maskedGenerators = [
  ...["cloud-init-generator", "systemd-cryptsetup-generator", "systemd-debug-generator", "systemd-gpt-auto-generator"],
  ...["systemd-hibernate-resume-generator", "systemd-integritysetup-generator", "systemd-rc-local-generator"],
  ...["systemd-run-generator", "systemd-system-update-generator", "systemd-veritysetup-generator"],
];

/**
 * mmdebstrap mounts /proc, /sys and devices in the new root. When we are killed, it must be gone with all of them before the next
 * build clears the folder away.
 */
const diesWithUs = [
  "--pdeathsig",
  "KILL",
  "unshare",
  "--mount",
  "--pid",
  "--fork",
  "--kill-child=KILL",
  "--mount-proc",
];

async function makeRoot({ root, kernel, report }: Parameters<ImageRecipe["makeRoot"]>[0]): Promise<void> {
  report("Debian packages");
  const mirror = debianMirror();
  await execa("setpriv", [
    ...diesWithUs,
    ...["mmdebstrap", "--quiet", "--mode=root", "--variant=minbase", "--components=main"],
    `--include=${packages.join(",")}`,
    // Kept for the guests, see shipPackageLists.
    "--skip=cleanup/apt/lists",
    ...notWanted.map((pattern) => `--dpkgopt=path-exclude=${pattern}`),
    ...["bookworm", root],
    `deb ${mirror.main} bookworm main`,
    `deb ${mirror.main} bookworm-updates main`,
    `deb ${mirror.security} bookworm-security main`,
  ]);
  report("settings");
  await mkdir(join(root, "lib/modules"), { recursive: true });
  await cp(join(kernel.modules, kernel.version), join(root, "lib/modules", kernel.version), { recursive: true });
  // Written by mmdebstrap, naming this machine's mirror.
  await rm(join(root, "etc/apt/sources.list"), { force: true });
  await copyRootFiles("debian-12/root", root);
  await mkdir(join(root, "etc/systemd/system-generators"), { recursive: true });
  for (const unit of maskedUnits) await symlink("/dev/null", join(root, "etc/systemd/system", unit));
  for (const generator of maskedGenerators)
    await symlink("/dev/null", join(root, "etc/systemd/system-generators", generator));
  // What cloud-init's generator would do.
  const wanted = join(root, "etc/systemd/system/multi-user.target.wants");
  await symlink("/lib/systemd/system/cloud-init.target", join(wanted, "cloud-init.target"));
  // Each guest makes its own.
  await execa("find", [join(root, "etc/ssh"), "-name", "ssh_host_*", "-delete"]);
  await writeFile(join(root, "etc/machine-id"), "");
  await inRoot(root, ["depmod", kernel.version]);
  await inRoot(root, ["systemctl", "--quiet", "enable", "systemd-networkd"]);
  await shipPackageLists(root, mirror);
}

/**
 * The lists of Debian's packages that the image was built from, and apt's own index of them: a guest's `apt-get update` then asks
 * what is new and fetches that only. Unpacking and indexing all of it takes 20 s in emulation.
 */
async function shipPackageLists(root: string, mirror: DebianMirror): Promise<void> {
  const lists = join(root, "var/lib/apt/lists");
  // They are named after where they are from, which for a guest is the name that the package cache knows.
  for (const list of await readdir(lists))
    for (const archive of ["main", "security"] as const) {
      const prefix = `${listPrefix(mirror[archive])}_dists_`;
      if (list.startsWith(prefix))
        await rename(
          join(lists, list),
          join(lists, `${listPrefix(guestArchive[archive])}_dists_${list.slice(prefix.length)}`),
        );
    }
  await inRoot(root, ["apt-cache", "gencaches"]);
}

/** As apt does it: without the scheme, and underscores for slashes. */
function listPrefix(address: string): string {
  return address
    .replace(/^https?:\/\/([^@/]*@)?/, "")
    .replaceAll("_", "%5f")
    .replaceAll("~", "%7e")
    .replaceAll("/", "_");
}

function inRoot(root: string, command: string[]) {
  return execa("chroot", [root, ...command], { env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" } });
}

/** Debian 12 with cloud-init, tuned to boot in emulation; its packages come through the package cache of the local cloud. */
export const debian12 = guestImage({
  name: "debian-12",
  loginUser: "debian",
  distribution: { name: "debian", version: "12" },
  minRamMiB: 512,
  minDiskGiB: 3,
  rootMiB: 2048,
  kernelArguments: "apparmor=0 selinux=0 systemd.show_status=1",
  madeFrom: ["debian12.ts", "debian-12"],
  makeRoot,
});
