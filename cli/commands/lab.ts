import type { Command } from "commander";
import { labJsonSchema } from "../../lab/labSchema.ts";
import { labReference } from "../../labs/labReference.ts";
import { readyLabs } from "../../labs/readLab.ts";
import { printResult } from "../command-line/printResult.ts";
import { counted } from "../command-line/table.ts";
import { wholeNumber } from "../command-line/wholeNumber.ts";
import { checkLab } from "../lab-document/labCheck.ts";
import { labCheckText } from "../lab-document/labCheckText.ts";
import { labPicture, writePicture } from "../lab-document/labPicture.ts";
import { labPlanText, planLab } from "../lab-document/labPlan.ts";
import { labSteps, labStepsText } from "../lab-document/labSteps.ts";
import { operatorFiles, operatorFilesText, writeOperatorFiles } from "../lab-document/operatorFiles.ts";

/** No class has more students than there are VNC ports beside each other. */
const MOST_PORTS = 1000;

export function registerLab(program: Command): void {
  const lab = program
    .command("lab")
    .description("lab documents, which say what a class shares and what each student gets")
    .addHelpText(
      "after",
      `
<lab> is the path of a lab document, or one of the ready labs: ${readyLabs().join(", ")}.

Examples:
  classroom lab check ./lab.yaml --all-steps
  classroom lab plan packstack --students kim,lee
  classroom lab files packstack --out packstack-host
  classroom lab picture packstack --step vpn --out vpn.svg
  classroom lab schema > lab.schema.json`,
    );

  lab
    .command("check")
    .description(
      "say everything that is wrong with a lab document, with line and column; or else what it has and needs",
    )
    .argument("<lab>", "path or ready lab")
    .option("--step <name>", "as it is at this step of the exercise")
    .option("--all-steps", "as it begins and at every step", false)
    .option("--json", "for programs", false)
    .action((nameOrPath: string, { step, allSteps, json }: { step?: string; allSteps: boolean; json: boolean }) => {
      const { check, lab: right } = checkLab(nameOrPath, { step, allSteps });
      const all = `, as it begins and at ${counted(right?.steps.length ?? 0, "step")}`;
      const where = allSteps ? all : step === undefined ? "" : ` at the step ${step}`;
      printResult(check, json, () => labCheckText(check, right, where));
      if (!check.ok) process.exitCode = 2;
    });

  lab
    .command("plan")
    .description("who gets which names and addresses, and what that takes in all; asks no cloud")
    .argument("<lab>", "path or ready lab")
    .option("--students <ids>", "separated by commas", "student1,student2,student3")
    .option("--course <id>", "course that names begin with (default: the lab's id)")
    .option("--step <name>", "as it is at this step of the exercise")
    .option("--json", "for programs", false)
    .action(
      (
        nameOrPath: string,
        { students, course, step, json }: { students: string; course?: string; step?: string; json: boolean },
      ) => {
        const ids = students.split(",").map((id) => id.trim());
        const plan = planLab(nameOrPath, { students: ids, course, step });
        printResult(plan, json, labPlanText);
      },
    );

  lab
    .command("steps")
    .description("the exercise: what each step shows, and how to go to it")
    .argument("<lab>", "path or ready lab")
    .option("--json", "for programs", false)
    .action((nameOrPath: string, { json }: { json: boolean }) => {
      const steps = labSteps(nameOrPath);
      printResult(steps, json, labStepsText);
    });

  lab
    .command("files")
    .description("files for the operator of the lab's Packstack host: network, answers to change, console ports")
    .argument("<lab>", "path or ready lab")
    .option("--students <number>", "how many console ports", wholeNumber(1, MOST_PORTS), 1)
    .option("--out <folder>", "write them there instead of printing them")
    .action((nameOrPath: string, { students, out }: { students: number; out?: string }) => {
      const files = operatorFiles(nameOrPath, students);
      if (out === undefined) console.log(operatorFilesText(files));
      else console.log(writeOperatorFiles(out, files).join("\n"));
    });

  lab
    .command("picture")
    .description("draw networks, routers, instances and storage as SVG")
    .argument("<lab>", "path or ready lab")
    .option("--step <name>", "as it is at this step of the exercise")
    .option("--out <file>", "write it there instead of printing it")
    .action(async (nameOrPath: string, { step, out }: { step?: string; out?: string }) => {
      const svg = await labPicture(nameOrPath, step);
      if (out === undefined) console.log(svg.trimEnd());
      else writePicture(out, svg);
    });

  lab
    .command("reference")
    .description("every key of lab documents with its meaning and default, as Markdown")
    .action(() => {
      process.stdout.write(labReference());
    });

  lab
    .command("schema")
    .description("the JSON Schema of lab documents, for editors")
    .action(() => {
      console.log(JSON.stringify(labJsonSchema(), null, 2));
    });
}
