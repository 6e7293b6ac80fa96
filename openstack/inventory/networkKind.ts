import { z } from "zod";
import { type SeenObject, tagEntries } from "../cloudObject.ts";

/** How one kind of Neutron's objects is listed. */
export interface NetworkKind {
  /** Below `/v2.0/`. */
  path: string;
  /** Name of the list in the answer. */
  key: string;
  /** Whether its objects can have tags. */
  tags: boolean;
  /** Alias of the extension that brings it. @default Neutron always has it */
  extension?: string;
  item: z.ZodType<SeenObject>;
}

/** What all kinds have. */
export const commonShape = z.object({
  id: z.string(),
  name: z.string().nullish(),
  description: z.string().nullish(),
  // Empty for what Neutron keeps for itself.
  project_id: z.string().nullish(),
  tenant_id: z.string().nullish(),
  tags: z.array(z.string()).default([]),
  status: z.string().nullish(),
  created_at: z.string().nullish(),
});

export function seen(type: string, item: z.infer<typeof commonShape>): SeenObject {
  const { id, name, tags, status, created_at } = item;
  const projectId = item.project_id ?? item.tenant_id ?? "";
  return {
    service: "network",
    type,
    ...{ id, name: name ?? "", tags: tagEntries(tags), automatic: false },
    ...(projectId === "" ? {} : { projectId }),
    ...(status == null ? {} : { status }),
    ...(created_at == null ? {} : { createdAt: created_at }),
  };
}
