import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { planStudent, type Student } from "../lab/studentPlan.ts";
import type { ClassResources } from "./classPart.ts";
import { teachersLogin } from "./logins.ts";
import { mapValues } from "./mapValues.ts";
import { studentPart, type StudentPart } from "./studentPart.ts";

/** What a student's stack is made of; plain data, so that it can be handed to another thread. */
export interface StudentStackInput extends Omit<StudentPart, "plan"> {
  kind: "student";
  student: Student;
  /** Pulumi's full name of the class stack: `organization/classroom/<course>`. */
  classStack: string;
}

/** One student's own, on what the class stack made. Destroying it leaves nothing. */
export async function studentStack(input: StudentStackInput) {
  const { lab, course, student, cloud } = input;
  const shared = await readClassStack(input);
  const plan = planStudent(lab, course, student, "class");
  return {
    student: { id: student.id, name: student.name, seat: student.seat },
    ...studentPart({ ...input, plan }, shared, teachersLogin(course, cloud)),
  };
}

const networkRef = z.object({ networkId: z.string(), subnetId: z.string() });
const classSchema = z.object({
  providerNetworks: z.record(
    z.string(),
    z.object({ networkId: z.string(), networkName: z.string(), subnetId: z.string().nullable() }),
  ),
  sharedNetworks: z.record(z.string(), networkRef),
  imageIds: z.record(z.string(), z.string()),
  flavorIds: z.record(z.string(), z.string()),
  availabilityZones: z.record(z.string(), z.string()),
});

async function readClassStack({ classStack, lab }: StudentStackInput): Promise<ClassResources> {
  const details = await new pulumi.StackReference(classStack).getOutputDetails("class");
  const parsed = classSchema.safeParse(details.value);
  const missing = Object.keys(lab.class.providerNetworks).filter(
    (name) => parsed.data?.providerNetworks[name] === undefined,
  );
  if (!parsed.success || missing.length > 0)
    throw new pulumi.RunError(
      `the class stack ${classStack} does not have ${missing.length > 0 ? missing.join(", ") : "what students need"} yet; bring it up first`,
    );
  const { providerNetworks, ...others } = parsed.data;
  return {
    ...others,
    providerNetworks: mapValues(providerNetworks, (_name, { subnetId, ...rest }) => ({
      ...rest,
      subnetId: subnetId ?? undefined,
    })),
  };
}
