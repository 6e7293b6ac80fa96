import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { type CommandWords, command } from "../../course/finding.ts";
import { lockStackName } from "../../course/stackNames.ts";

/** What nobody did wrong, and what can be done about it all the same. */
export interface Note {
  /** In a sentence. */
  what: string;
  /** What was seen. */
  evidence: string;
  /** What helps, where it is wanted. */
  mend: string;
}

/** Whether guests could run on this machine's own processor. */
export interface Virtualisation {
  /** The processor's flag: Intel's `vmx`, AMD's `svm`; undefined where it has none, or whatever is around this machine hides it. */
  flag: "vmx" | "svm" | undefined;
  /** What the kernel's KVM module offers: its device, which this account may open or not. */
  kvm: "usable" | "closed" | "missing";
}

/** Looks at the machine that `classroom` runs on. */
export function readVirtualisation(cpuinfo = "/proc/cpuinfo", device = "/dev/kvm"): Virtualisation {
  const text = existsSync(cpuinfo) ? readFileSync(cpuinfo, "utf8") : "";
  const flags = /^flags\s*:(.*)$/m.exec(text)?.[1]?.split(" ") ?? [];
  return {
    flag: (["vmx", "svm"] as const).find((flag) => flags.includes(flag)),
    kvm: !existsSync(device) ? "missing" : isOpen(device) ? "usable" : "closed",
  };
}

function isOpen(device: string): boolean {
  try {
    accessSync(device, constants.R_OK | constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Why guests are slow on the local cloud: local-cloud/config/nova.ts sets `virt_type = qemu` on every machine, and so does not use KVM where
 * it is there.
 *
 * @param timeoutSeconds how long the course waits for an instance to answer
 */
export function emulationNote({ flag, kvm }: Virtualisation, timeoutSeconds: number): Note {
  return {
    what:
      "guests of the local cloud are emulated, so that they boot in minutes: it runs on machines without KVM, " +
      "and therefore tells Nova to use none (virt_type = qemu) on any",
    evidence: [
      `this machine's processor shows ${flag ?? "no vmx or svm"} in /proc/cpuinfo`,
      { usable: "/dev/kvm can be opened", closed: "/dev/kvm may not be opened", missing: "there is no /dev/kvm" }[kvm],
    ].join("; "),
    mend: `readinessTimeoutSeconds in course.yaml, ${timeoutSeconds} now, gives slow guests more time; an OpenStack of your own with KVM on this machine ${needs({ flag, kvm })}`,
  };
}

function needs({ flag, kvm }: Virtualisation): string {
  if (flag === undefined)
    return "needs virtualisation switched on in its firmware, or nested virtualisation in the hypervisor that it is a guest of";
  if (kvm === "missing") return `needs the kernel's module: modprobe ${flag === "vmx" ? "kvm_intel" : "kvm_amd"}`;
  return kvm === "closed" ? "needs an account in the group kvm, as Nova's is" : "could use it as it is";
}

/** Pulumi has no command that lists locks, and in a bucket or a database only Pulumi finds them: it tells them to whoever needs one. */
export function locksElsewhere(words: CommandWords): string {
  return (
    `locks, since the state is not in a folder. ${command(words, "up")} is refused within seconds with the name of who holds one. ` +
    `When that process has ended for certain: eval "$(${command(words, "env")})" && pulumi cancel --yes --stack ${lockStackName(words.course)}, ` +
    "and the same for each stack that is said to be locked. It removes every lock of the stack and stops nobody: whoever is still at work " +
    "and whoever comes next then write over each other's state"
  );
}
