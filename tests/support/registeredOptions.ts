import type { RegisterResourceRequest } from "@pulumi/pulumi/proto/resource_pb.js";

/** How a resource is registered, beside its inputs. What was not said is undefined; resources go by their logical names. */
export interface RegisteredOptions {
  parent?: string | undefined;
  /** Provider that was passed to it or to its parent; undefined for the default one. */
  provider?: string | undefined;
  /** What must exist before: `dependsOn`, and the resources that its inputs come from. In order of the alphabet. */
  dependsOn?: string[] | undefined;
  customTimeouts?:
    { create?: string | undefined; update?: string | undefined; delete?: string | undefined } | undefined;
  replaceOnChanges?: string[] | undefined;
  deleteBeforeReplace?: boolean | undefined;
  ignoreChanges?: string[] | undefined;
  additionalSecretOutputs?: string[] | undefined;
  protect?: boolean | undefined;
  retainOnDelete?: boolean | undefined;
}

/** The options of a resource, from what the SDK asks of the engine. */
export function registeredOptions(request: RegisterResourceRequest): RegisteredOptions {
  return {
    parent: logicalNameOf(request.getParent()),
    provider: logicalNameOf(request.getProvider()),
    dependsOn: unlessEmpty(request.getDependenciesList().flatMap((urn) => logicalNameOf(urn) ?? [])),
    customTimeouts: timeoutsOf(request.getCustomtimeouts()),
    replaceOnChanges: unlessEmpty(request.getReplaceonchangesList()),
    deleteBeforeReplace: request.getDeletebeforereplace() || undefined,
    ignoreChanges: unlessEmpty(request.getIgnorechangesList()),
    additionalSecretOutputs: unlessEmpty(request.getAdditionalsecretoutputsList()),
    protect: request.getProtect() === true ? true : undefined,
    retainOnDelete: request.getRetainondelete() === true ? true : undefined,
  };
}

/** The name in a URN, or in a provider's reference, which is URN and id: https://www.pulumi.com/docs/iac/concepts/resources/names/#urns */
export function logicalNameOf(urn: string): string | undefined {
  return urn.split("::")[3];
}

function timeoutsOf(said: RegisterResourceRequest.CustomTimeouts | undefined): RegisteredOptions["customTimeouts"] {
  const entries = Object.entries({ create: said?.getCreate(), update: said?.getUpdate(), delete: said?.getDelete() });
  const given = entries.filter(([, time]) => time !== undefined && time !== "");
  return given.length === 0 ? undefined : Object.fromEntries(given);
}

function unlessEmpty(list: string[]): string[] | undefined {
  return list.length === 0 ? undefined : list.sort();
}
