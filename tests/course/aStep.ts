import type { PlannedStep, ResourceState } from "../../course/plannedStep.ts";

export const INSTANCE = "openstack:compute/instance:Instance";
export const VOLUME = "openstack:blockstorage/volume:Volume";
export const STACK = "pulumi:pulumi:Stack";

const COMPONENTS: Record<string, string> = {
  [INSTANCE]: "WebServerInstance",
  "openstack:networking/port:Port": "WebServerInstance",
  "openstack:networking/floatingIp:FloatingIp": "WebServerInstance",
  [VOLUME]: "DataVolume",
};

interface StepParts {
  /** Name in the lab; the component is `net101-kim-<name>`. */
  name?: string;
  /** Ending of the logical name. */
  role?: string;
  component?: string;
  /** Inputs before and after; what is the same in both need not be given. */
  from?: Record<string, unknown>;
  to?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  initErrors?: string[];
  changed?: string[];
}

/** A step of the stack of the student kim in the course net101, as Pulumi's engine tells it. */
export function aStep(op: string, type: string, parts: StepParts = {}): PlannedStep {
  const { name = "web1", role = "thing", component = COMPONENTS[type], from = {}, to = {}, outputs = {} } = parts;
  const { initErrors, changed = [] } = parts;
  const stack = "urn:pulumi:net101.kim::classroom";
  const owner = `classroom:index:${component ?? ""}`;
  const parent = component === undefined ? undefined : `${stack}::${owner}::net101-kim-${name}`;
  const urn = `${stack}::${component === undefined ? "" : `${owner}$`}${type}::net101-kim-${name}-${role}`;
  const common = { custom: !type.startsWith("classroom:"), ...(parent === undefined ? {} : { parent }) };
  const old: ResourceState = {
    ...{ ...common, id: `${name}-${role}-id`, inputs: from, outputs },
    ...(initErrors === undefined ? {} : { initErrors }),
  };
  const after: ResourceState = { ...common, id: "", inputs: { ...from, ...to }, outputs: {} };
  const replaces = op.includes("replace") && !op.includes("delete");
  return {
    ...{ op, urn, type },
    ...(changed.length > 0 && !op.includes("delete") ? { diffs: changed } : {}),
    ...(replaces && changed.length > 0 ? { keys: changed } : {}),
    ...(op.startsWith("create") && !replaces ? {} : { old }),
    ...(op.includes("delete") ? {} : { new: after }),
  };
}

/** The three steps by which Pulumi replaces something, deleting it first. */
export function replaced(type: string, parts: StepParts = {}): PlannedStep[] {
  return ["delete-replaced", "replace", "create-replacement"].map((op) => aStep(op, type, parts));
}

/** An update of these inputs. */
export function update(type: string, changed: string[], parts: StepParts = {}): PlannedStep[] {
  return [aStep("update", type, { ...parts, changed })];
}

/** The event that ends the look at the cloud. */
export function looked(type: string, parts: StepParts & { gone?: boolean } = {}): PlannedStep {
  const { new: after, ...step } = aStep("refresh", type, parts);
  return { ...step, ...(parts.gone === true ? {} : { new: after ?? { inputs: {}, outputs: {} } }) };
}
