/** What is measured, in the order of one round with N students: create N, no-op N, preview N + 1, add-one N + 1, destroy N + 1. */
export type Phase = "create" | "no-op" | "preview" | "add-one" | "destroy";

/** A program to run, without a shell. */
export interface Command {
  file: string;
  args: readonly string[];
  /** Added to the environment of the benchmark, which has OS_CLOUD: the entry of clouds.yaml, by which a counting proxy can stand between. */
  env: Readonly<Record<string, string>>;
  cwd: string;
}

/** One way of making the same students. */
export interface Variant {
  /** As in the table: "tofu-fast-p10". */
  name: string;
  /** What it is, in a line for people. */
  title: string;
  /** Whether all but projects, users and quotas is made in the administrator's project. @default false: each student has their own */
  inOneProject?: boolean;
  /** Before any clock starts: builds, templates, `tofu init`. @param folder the variant's own empty working folder */
  prepare(folder: string): Promise<void>;
  /**
   * The child process whose tree is measured; undefined where the tool has no such operation.
   *
   * @param size students there shall be afterwards
   */
  command(phase: Phase, size: number, folder: string): Command | undefined;
}
