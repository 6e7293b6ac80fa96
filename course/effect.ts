import type { ResourceChange } from "./resourceChange.ts";

/** How much a running server or its user notices, from nothing to a new disk. */
export const IMPACTS = [
  /** Nothing: Pulumi's own bookkeeping, waiting. */
  "none",
  /** Something new appears beside what is there. */
  "added",
  /** Changed in place; nothing stops. */
  "changed",
  /** What was deleted or changed by hand is put back. */
  "mended",
  /** A connection ends, an address is another one, or a disk is away for a moment. */
  "interrupted",
  /** A server goes down and comes back with the same disk. */
  "restarted",
  /** Something is deleted and nothing takes its place. */
  "reduced",
  /** Deleted and made anew. */
  "rebuilt",
] as const;
export type Impact = (typeof IMPACTS)[number];

/** What happens to one thing of a student, or of the class. */
export interface Effect {
  /** Pulumi's name of the resource. */
  urn: string;
  /** For example `instance web1`. */
  thing: string;
  /** The whole sentence, for example `instance web1 is rebuilt: its disk is lost (user data changed)`. */
  text: string;
  impact: Impact;
  /** Causes, for example `user data changed`; empty where the lab simply has something more. */
  why: string[];
  /** Somebody deleted or changed it by hand. */
  byHand: boolean;
  /** Whether something is lost that running the lab again does not bring back. */
  losesData: boolean;
  /** What is lost, in one or two words: `disk`, `volume`, `objects`, …; absent when nothing is. */
  loses?: string;
}

/** What a rule says of one change; the cause is found elsewhere. */
export interface Said {
  what: string;
  impact: Impact;
  /** As in {@link Effect}; data is lost exactly when it is given. */
  loses?: string;
  /** The sentence has the cause in itself, as long as it is the resource's own. @default false */
  told?: boolean;
}

/** What changes to one type of resource mean. A change without a rule here is said in general words. */
export interface ResourceRule {
  /** OpenStack's word for it, for example `instance`. */
  label: string;
  /** Name to show. @default the lab's own, from the resource's logical name */
  name?: (change: ResourceChange) => string;
  /**
   * Types of the same component that say enough when they are made, deleted or replaced themselves: a subnet's end needs no sentence beside
   * its network's.
   */
  partOf?: readonly string[];
  /** Its own replacement is told even then. @default false */
  replacementTold?: boolean;
  /** What is lost when it is deleted or replaced, as in {@link Effect}. @default nothing */
  holds?: (change: ResourceChange) => string | undefined;
  /** What is said when somebody deleted it by hand. @default it was deleted by hand; it is made again */
  deletedByHand?: (thing: string, change: ResourceChange) => string;
  create?: (thing: string, change: ResourceChange) => Said;
  update?: (thing: string, change: ResourceChange) => Said;
  replace?: (thing: string, change: ResourceChange) => Said;
  delete?: (thing: string, change: ResourceChange) => Said;
  /**
   * In the class stack: what a replaced or deleted one means to students' stacks, whose own previews cannot know it yet.
   */
  forStudents?: (thing: string, change: ResourceChange) => Said | undefined;
}
