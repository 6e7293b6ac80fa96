/**
 * One step Pulumi's engine plans or has taken, as far as this project reads it. An event's `metadata`
 * (`StepEventMetadata` of `@pulumi/pulumi/automation`) can be given where one is expected, so that `course/` needs no Pulumi.
 */
export interface PlannedStep {
  /** What the engine does: `same`, `create`, `update`, `replace`, `delete`, `refresh`, …, as Pulumi names it. */
  readonly op: string;
  readonly urn: string;
  /** Pulumi's type token, for example `openstack:compute/instance:Instance`. */
  readonly type: string;
  /** Inputs that make the engine replace the resource. */
  readonly keys?: readonly string[] | null;
  /** Inputs that differ. */
  readonly diffs?: readonly string[] | null;
  /** The differences by path, for example `networks[0].port`. */
  readonly detailedDiff?: Readonly<Record<string, PlannedDifference>> | null;
  /** Before the step; absent for a new resource. */
  readonly old?: ResourceState | null;
  /** After the step; absent for a deleted resource. */
  readonly new?: ResourceState | null;
}

/** How one property differs. */
export interface PlannedDifference {
  /** `add`, `update`, `delete`, or the same with `-replace`, which makes the engine replace the resource. */
  readonly diffKind: string;
  /** Whether old and new inputs differ, rather than what the cloud reported and the new inputs. */
  readonly inputDiff: boolean;
}

/** A resource as the state knows it. In a preview, an output that is not known yet is absent or an empty string. */
export interface ResourceState {
  /** The cloud's id; an empty string until the resource exists. */
  readonly id?: string;
  /** URN of the component the resource belongs to. */
  readonly parent?: string;
  /** Whether a provider keeps it; a component and the stack itself are not. */
  readonly custom?: boolean;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  /** Why the resource never came up as asked; absent or empty when it did. */
  readonly initErrors?: readonly string[] | null;
  /** Whether it waits for deletion after its replacement was made. */
  readonly delete?: boolean;
}

const UNCHANGING = ["same", "refresh", "read"];

/** Whether every step leaves everything that a provider keeps as it is; readiness that is still to be waited for is a change, too. */
export function changesNothing(steps: readonly Pick<PlannedStep, "op" | "old" | "new">[]): boolean {
  return steps.every(({ op, old, new: made }) => UNCHANGING.includes(op) || (made ?? old)?.custom !== true);
}
