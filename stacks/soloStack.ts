import type { Lab } from "../lab/labSchema.ts";
import { packstackFiles } from "../lab/operatorFiles.ts";
import { planStudent } from "../lab/studentPlan.ts";
import { classPart } from "./classPart.ts";
import { providerNetworkOutputs } from "./classStack.ts";
import type { CloudAddress } from "./cloudAddress.ts";
import type { LabChoices } from "./labChoices.ts";
import type { LabFile } from "./labFiles.ts";
import { secretPassword } from "./logins.ts";
import type { StackConfig } from "./stackConfig.ts";
import { studentPart } from "./studentPart.ts";

/** What cannot be written in the configuration. */
export interface SoloSurroundings {
  lab: Lab;
  choices: LabChoices;
  cloud: CloudAddress;
  /** The one line of the public key file. */
  publicKey: string;
  /** Endpoint of the object store for the teacher's project; undefined where the lab needs none. */
  storageUrl: string | undefined;
  files: { images: Record<string, LabFile>; objects: Record<string, LabFile> };
}

export type SoloOutputs = ReturnType<typeof soloStack>;

/** The class part and one student in one stack. */
export function soloStack(config: StackConfig, around: SoloSurroundings) {
  const { course, passwordSeed = "" } = config;
  const { lab, choices, cloud, files } = around;
  const student = { id: config.student.id, name: config.student.name ?? config.student.id, seat: 0 };
  const shared = classPart(lab, course, {
    ...{ cloud, choices, imageFiles: files.images, opts: {} },
    password: secretPassword(passwordSeed, course),
  });
  const own = studentPart(
    {
      ...around,
      ...{ course, passwordSeed, reach: config, objectFiles: files.objects },
      plan: planStudent(lab, course, student, "solo"),
    },
    shared,
  );
  return {
    ...own,
    networks: { ...providerNetworkOutputs(lab, shared), ...own.networks },
    operatorFiles: packstackFiles(lab, 1),
  };
}
