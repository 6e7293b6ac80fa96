/** What is not as it should be, and what mends it. */
export interface Finding {
  /** Which rule is broken; stable, for programs. */
  rule: FindingRule;
  /** A student's id, `class` for what all share, `course` for the course's own files and its cloud. */
  who: string;
  /** In a sentence. */
  what: string;
  /** What was seen: names, ids, files, the cloud's own words. */
  evidence: string;
  /** A command to type; where no command can know enough, what to do before it. */
  mend: string;
}

export type FindingRule =
  // The course's documents and its folder.
  | "document"
  | "private-file"
  | "secret-missing"
  // Pulumi's state.
  | "state-unreadable"
  | "state-file"
  | "dead-lock"
  | "foreign-lock"
  | "interrupted"
  | "incomplete"
  | "not-made"
  | "former-student"
  // The cloud.
  | "cloud-unreachable"
  | "clock"
  | "not-offered"
  | "instance-error"
  | "address"
  | "deleted"
  | "changed"
  | "orphan"
  | "quota";

/** How commands are typed for this course. */
export interface CommandWords {
  /** Id of the course. */
  course: string;
  /** What follows every command, e.g. ` --course ~/net101`; empty in the course's own folder. */
  suffix: string;
  /** How the openstack client is started for this cloud, e.g. `openstack --os-cloud campus`. */
  client: string;
}

/** `classroom up --students kim --course ~/net101`. */
export function command({ suffix }: CommandWords, words: string): string {
  return `classroom ${words}${suffix}`;
}
