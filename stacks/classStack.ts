import type { Lab } from "../lab/labSchema.ts";
import { packstackFiles } from "../lab/operatorFiles.ts";
import { classPart, type ClassResources } from "./classPart.ts";
import type { CloudAddress } from "./cloudAddress.ts";
import type { LabChoices } from "./labChoices.ts";
import type { LabFile } from "./labFiles.ts";
import { secretPassword, teachersLogin } from "./logins.ts";
import { mapValues } from "./mapValues.ts";

/** What the class stack is made of; plain data, so that it can be handed to another thread. */
export interface ClassStackInput {
  kind: "class";
  lab: Lab;
  course: string;
  choices: LabChoices;
  cloud: CloudAddress;
  passwordSeed: string;
  imageFiles: Record<string, LabFile>;
  /** How many students there are, for the files of a Packstack host. */
  students: number;
}

/** What only an administrator can make and all share. Student stacks read the output `class`. */
export function classStack({ lab, course, choices, cloud, passwordSeed, imageFiles, students }: ClassStackInput) {
  const password = secretPassword(passwordSeed, course);
  const shared = classPart(lab, course, { cloud, choices, imageFiles, password, opts: teachersLogin(course, cloud) });
  return {
    class: {
      ...shared,
      providerNetworks: mapValues(shared.providerNetworks, (_name, { networkId, networkName, subnetId }) => ({
        ...{ networkId, networkName },
        subnetId: subnetId ?? null,
      })),
      sharedNetworks: mapValues(shared.sharedNetworks, (_name, { networkId, subnetId }) => ({ networkId, subnetId })),
    },
    networks: providerNetworkOutputs(lab, shared),
    operatorFiles: packstackFiles(lab, Math.max(students, 1)),
  };
}

/** Id and address range of each provider network. */
export function providerNetworkOutputs({ class: { providerNetworks } }: Lab, shared: ClassResources) {
  return mapValues(shared.providerNetworks, (name, { networkId }) => ({
    networkId,
    cidr: providerNetworks[name]?.cidr,
  }));
}
