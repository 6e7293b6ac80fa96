import { z } from "zod";
import type { CloudThing, KnownResource, KnownStack } from "./cloudView.ts";
import { prefixOfStack, shortName } from "./resourceName.ts";
import { ATTACHMENT, FLOATING_IP, INSTANCE, VOLUME } from "./resourceTypes.ts";
import { outputOf, textOf } from "./stateValues.ts";

/** What a stack has in the cloud; what only waits for its deletion is left out. */
export function cloudResources({ resources }: KnownStack): KnownResource[] {
  return resources.filter((each) => each.type.startsWith("openstack:") && each.id !== "" && each.delete !== true);
}

/** A resource of the state under its name in OpenStack or, where it has none there, in the lab; an attachment as the volume. */
export function thingOf(resource: KnownResource): Pick<CloudThing, "type" | "id" | "name"> {
  const { type, id } = resource;
  if (type === ATTACHMENT)
    return { type: VOLUME, id: textOf(resource, "volumeId") ?? id, name: labNameOf(resource).replace(/-[a-z]+$/, "") };
  const address = outputOf(resource, "address");
  const name = textOf(resource, "name") ?? outputOf(resource, "name") ?? address ?? labNameOf(resource);
  return { type, id, name };
}

/** The last part of Pulumi's name, without course and student. */
export function labNameOf({ urn }: Pick<KnownResource, "urn">): string {
  return shortName(urn.split("::").at(-1) ?? "", prefixOfStack(urn));
}

/** An instance that a stack has, with what leads to it. */
export interface KnownInstance {
  /** In the lab. */
  name: string;
  resource: KnownResource;
  portIds: string[];
  /** Floating IP that leads to it. */
  floatingIp?: string;
  /** Of its page. */
  url?: string;
}

const networksSchema = z.array(z.looseObject({ port: z.string().default("") })).catch([]);
const outputSchema = z.record(z.string(), z.looseObject({ url: z.string().nullish() }).catch({})).catch({});

/** The instances of a stack, also of one that is half made. */
export function knownInstances(stack: KnownStack): KnownInstance[] {
  const resources = cloudResources(stack);
  const outputs = outputSchema.parse(stack.outputs["instances"]);
  return resources
    .filter(({ type }) => type === INSTANCE)
    .map((resource) => {
      const name = labNameOf(resource).replace(/-instance$/, "");
      const portIds = networksSchema.parse(resource.inputs["networks"]).map(({ port }) => port);
      const leadsHere = resources.find(
        (each) => each.type === FLOATING_IP && portIds.includes(textOf(each, "portId") ?? ""),
      );
      const floatingIp = leadsHere === undefined ? undefined : outputOf(leadsHere, "address");
      const url = outputs[name]?.url ?? undefined;
      return {
        ...{ name, resource, portIds },
        ...(floatingIp === undefined ? {} : { floatingIp }),
        ...(url === undefined ? {} : { url }),
      };
    });
}
