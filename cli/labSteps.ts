import { readLab } from "../labs/readLab.ts";
import { columns } from "./table.ts";

/** What `classroom lab steps --json` prints. */
export interface StepLine {
  /** undefined is the lab as it begins. */
  step: string | undefined;
  does: string;
  command: string;
}

/** The exercise of a lab, from its beginning. */
export function labSteps(nameOrPath: string): StepLine[] {
  const { lab } = readLab(nameOrPath);
  return [
    { step: undefined, does: "The lab as it begins.", command: "pulumi config rm step && pulumi up" },
    ...lab.steps.map(({ name, does }) => ({
      step: name,
      does,
      command: `pulumi config set step ${name} && pulumi up`,
    })),
  ];
}

/** What `classroom lab steps` prints. */
export function labStepsText(lines: readonly StepLine[]): string {
  const table = columns(
    ["", "step", "go to it with"],
    lines.map(({ step, command }, index) => [String(index), step ?? "(beginning)", command]),
    [0],
  );
  const explained = lines.map(({ does }, index) => `${index}. ${does}`).join("\n");
  return `${table}\n\n${explained}`;
}
