import {
  changeDetails,
  classLine,
  classStackLine,
  leftRosterLine,
  losses,
  type Loss,
  stackDetails,
  type StackToPutRight,
  type StudentStackChange,
  toPutRightLines,
  type WordsOptions,
} from "../../course/changeWords.ts";
import { classifySteps, type StackChange } from "../../course/studentChange.ts";
import type { OperationResult } from "../../engine/operation.ts";
import type { CourseStudent } from "../../stacks/courseFolder.ts";
import { formerStudents } from "../course-access/readCourse.ts";
import { attempted } from "./attempted.ts";
import { classOperation, type OpenClass, studentOperation } from "./openClass.ts";
import { workOnStacks } from "./stackWork.ts";

/** What `classroom preview --json` prints. */
export interface ClassPreview {
  course: string;
  classStack: StackChange;
  students: StudentStackChange[];
  /** Students whose preview failed, and why; nothing is known of what would happen to them. */
  failed: { student: string; errors: string[] }[];
  /** Students who have a stack but no row any more. */
  left: string[];
  /** Everything that would be lost for good. */
  losses: Loss[];
  /** What `up` puts right before it looks, so that less may be to be done than is said; it has been, where `up` says this itself. */
  toPutRight: StackToPutRight[];
}

/** In the place of a student's id, which has no blanks. */
export const CLASS_STACK = "class stack";

export interface PreviewedClass {
  preview: ClassPreview;
  /** The engine's own steps of each stack that was there and about which it was asked. */
  planned: Map<string, OperationResult["steps"]>;
}

export interface PreviewOptions {
  /** Looks at the cloud first, so that what was changed by hand is seen. @default true */
  refresh?: boolean;
  /** Stacks that are known to be as they should: the engine is not asked about them. @default none */
  settled?: ReadonlySet<string>;
  /** Writes Pulumi's plan of each existing stack into this folder. @default none is written */
  planFolder?: string | undefined;
  /** What is said of these is not certain. @default none */
  toPutRight?: StackToPutRight[];
}

const NEW: StackChange = { kind: "new", effects: [], losesData: false };
const UNCHANGED: StackChange = { kind: "unchanged", effects: [], losesData: false };

/** What an update would do to the class and to these students. */
export async function previewClass(
  open: OpenClass,
  students: readonly CourseStudent[],
  { refresh = true, settled = new Set(), planFolder, toPutRight = [] }: PreviewOptions = {},
): Promise<PreviewedClass> {
  const { pool, settings, loaded, states } = open;
  const ofClass = classOperation(open);
  const asked = await Promise.all(
    students.map(async (student) => ({ student, ...(await attempted(() => studentOperation(open, student))) })),
  );
  const ofStudents = asked.flatMap((each) =>
    "value" in each ? [{ student: each.student, operation: each.value }] : [],
  );
  // Of a stack that is not there, everything is new: there is nothing to ask the engine.
  const known = ofStudents.filter(({ operation }) => operation.isNew !== true && !settled.has(operation.stack));
  const works = [
    ...(ofClass.isNew === true || settled.has(ofClass.stack) ? [] : [{ title: "class stack", operation: ofClass }]),
    ...known.map(({ student, operation }) => ({ title: titleOf(student), operation })),
  ].map(({ title, operation }) => ({
    title,
    operation: {
      ...operation,
      ...({ action: "preview", refresh } as const),
      ...planOption(planFolder, operation.stack),
    },
  }));
  const results = new Map((await workOnStacks(pool, settings, works)).map((result) => [result.stack, result]));
  const classResult = results.get(ofClass.stack);
  const changes = ofStudents.flatMap(({ student: { id, name }, operation }) => {
    const result = results.get(operation.stack);
    return result !== undefined && result.outcome !== "done"
      ? []
      : [{ student: id, name, change: settled.has(operation.stack) ? UNCHANGED : changeOf(result, "student") }];
  });
  const failed = [
    ...(classResult === undefined || classResult.outcome === "done"
      ? []
      : [{ student: CLASS_STACK, errors: errorsOf(classResult) }]),
    ...asked.flatMap((each) => ("reason" in each ? [{ student: each.student.id, errors: [each.reason] }] : [])),
    ...ofStudents.flatMap(({ student, operation }) => {
      const result = results.get(operation.stack);
      return result === undefined || result.outcome === "done"
        ? []
        : [{ student: student.id, errors: errorsOf(result) }];
    }),
  ];
  const classStack = settled.has(ofClass.stack) ? UNCHANGED : changeOf(classResult, "class");
  const preview = {
    ...{
      course: loaded.course.course,
      classStack,
      students: changes,
      failed,
      left: formerStudents(loaded, { states }),
    },
    losses: losses([...changes, { name: "class stack", change: classStack }]),
    toPutRight,
  };
  return { preview, planned: new Map(Array.from(results, ([stack, { steps }]) => [stack, steps])) };
}

export const titleOf = ({ id, name }: Pick<CourseStudent, "id" | "name">): string =>
  id === name ? id : `${id} (${name})`;

const planOption = (folder: string | undefined, stack: string) =>
  folder === undefined ? {} : { plan: `${folder}/${stack}.json` };

function changeOf(result: OperationResult | undefined, of: "student" | "class"): StackChange {
  return result === undefined ? NEW : classifySteps(result.steps, { of });
}

/** What the engine says of its own end when it was interrupted would read as a fault. */
export const errorsOf = ({ errors, outcome }: OperationResult): string[] =>
  outcome === "interrupted" || errors.length === 0 ? [outcome] : errors.map(({ message }) => message);

/** The preview in the teacher's words. */
export function previewText(preview: ClassPreview, options: WordsOptions = {}): string {
  const { classStack, students, failed, left, toPutRight } = preview;
  return [
    classStackLine(classStack, options),
    ...(students.length === 0 ? [] : [classLine(students, options)]),
    ...leftRosterLine(left),
    ...toPutRightLines(toPutRight),
    ...failed.map(({ student, errors }) => `cannot be previewed: ${student}: ${errors.join("\n  ")}`),
    ...(classStack.kind === "new" ? [] : stackDetails("class stack", classStack, options)),
    ...changeDetails(
      students.filter(({ change }) => change.kind !== "new"),
      options,
    ),
  ].join("\n");
}

/** Whether an update would do anything at all. */
export function changesAnything({ classStack, students }: ClassPreview): boolean {
  return classStack.kind !== "unchanged" || students.some(({ change }) => change.kind !== "unchanged");
}

/** Of a class in which every stack is settled. */
export function unchangedPreview(
  { loaded, states }: Pick<OpenClass, "loaded" | "states">,
  students: readonly CourseStudent[],
): ClassPreview {
  return {
    ...{ course: loaded.course.course, classStack: UNCHANGED, failed: [], left: formerStudents(loaded, { states }) },
    ...{ losses: [], toPutRight: [] },
    students: students.map(({ id, name }) => ({ student: id, name, change: UNCHANGED })),
  };
}
