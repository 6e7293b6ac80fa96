import { readLab } from "../../labs/readLab.ts";
import { columns } from "../command-line/table.ts";

/** What `classroom lab steps --json` prints. */
export interface LabSteps {
  /** The lab document. */
  file: string;
  /** The first is the lab as it begins. */
  steps: StepLine[];
}

export interface StepLine {
  /** Its name; absent for the lab as it begins. */
  step?: string;
  does: string;
  /** Goes to it. */
  command: string;
}

/** The exercise of a lab, from its beginning. */
export function labSteps(nameOrPath: string): LabSteps {
  const { file, lab } = readLab(nameOrPath);
  const steps = [
    { does: "The lab as it begins.", command: "pulumi config rm step && pulumi up" },
    ...lab.steps.map(({ name, does }) => ({
      step: name,
      does,
      command: `pulumi config set step ${name} && pulumi up`,
    })),
  ];
  return { file, steps };
}

/** What `classroom lab steps` prints. */
export function labStepsText({ steps }: LabSteps): string {
  const table = columns(
    ["", "step", "go to it with"],
    steps.map(({ step, command }, index) => [String(index), step ?? "(beginning)", command]),
    [0],
  );
  const explained = steps.map(({ does }, index) => `${index}. ${does}`).join("\n");
  return `${table}\n\n${explained}`;
}
