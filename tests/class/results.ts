import { z } from "zod";

const change = z.looseObject({ kind: z.string(), losesData: z.boolean() });

/** What `classroom preview --json` prints, as far as it is documented. */
export const previewResult = z.looseObject({
  classStack: change,
  students: z.array(z.looseObject({ student: z.string(), name: z.string(), change })),
  failed: z.array(z.object({ student: z.string(), errors: z.array(z.string()) })),
  left: z.array(z.string()),
  losses: z.array(z.looseObject({ name: z.string(), text: z.string() })),
});

const studentResult = z.looseObject({
  student: z.string(),
  name: z.string(),
  ok: z.boolean(),
  changed: z.boolean(),
  errors: z.array(z.string()),
  instances: z.record(
    z.string(),
    z.looseObject({ instanceId: z.string(), fixedIp: z.string(), floatingIp: z.string().nullable() }),
  ),
});

/** What `classroom up --json` prints. */
export const upResult = z.looseObject({
  course: z.string(),
  preview: previewResult,
  students: z.array(studentResult).optional(),
  pruned: z.array(z.string()).optional(),
});
export type UpResult = z.output<typeof upResult>;

/** What `classroom destroy --json` prints. */
export const destroyResult = z.looseObject({
  students: z.array(z.object({ student: z.string(), ok: z.boolean(), errors: z.array(z.string()) })),
  classStack: z.boolean(),
  left: z.array(z.string()),
  notSeen: z.array(z.string()),
});
export type DestroyResult = z.output<typeof destroyResult>;

/** What `classroom reset --json` prints. */
export const resetResult = z.looseObject({
  done: z.boolean(),
  errors: z.array(z.string()),
  instances: z.array(
    z.looseObject({
      ...{ urn: z.string(), instanceId: z.string(), formerInstanceId: z.string() },
      ...{ fixedIp: z.string(), floatingIp: z.string(), url: z.string() },
    }),
  ),
});

/** What `classroom status --json` prints. */
export const statusResult = z.looseObject({
  ok: z.boolean(),
  students: z.array(
    z.looseObject({
      ...{ student: z.string(), name: z.string(), stack: z.string(), drift: z.array(z.unknown()) },
      instances: z.array(z.looseObject({ instance: z.string(), state: z.string(), url: z.string().optional() })),
    }),
  ),
});

/** What `classroom doctor --json` prints. */
export const doctorResult = z.looseObject({
  findings: z.array(z.looseObject({ rule: z.string(), who: z.string() })),
  notSeen: z.array(z.string()),
});
