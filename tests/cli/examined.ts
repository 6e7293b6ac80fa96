import { rmSync } from "node:fs";
import { afterEach } from "vitest";
import { type Diagnosis, examineCourse } from "../../cli/commands/doctor.ts";
import { fakeOpenStack, type FakeOpenStack, type Offers } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";
import { ClassFolder, kimsCloud } from "./classFolder.ts";

const clouds: FakeOpenStack[] = [];
const folders: ClassFolder[] = [];
afterEach(async () => {
  for (const cloud of clouds.splice(0)) await cloud.close();
  for (const { path } of folders.splice(0)) rmSync(path, { recursive: true });
});

/** A course before its first `up`; gone after the test. */
export function newFolder(more = {}): ClassFolder {
  const folder = new ClassFolder(more);
  folders.push(folder);
  return folder;
}

/** A course whose student kim is complete. */
export function kimsFolder(more = {}): ClassFolder {
  const folder = newFolder(more);
  folder.makeKim();
  return folder;
}

export async function cloudOf(offers: Offers = { answers: kimsCloud() }): Promise<FakeOpenStack> {
  const cloud = await fakeOpenStack(offers);
  clouds.push(cloud);
  return cloud;
}

export async function examine(folder: ClassFolder, offers?: Offers): Promise<Diagnosis> {
  return examineCourse({ course: folder.path, settings: teacherSettings(await cloudOf(offers)) });
}

/** Rule, who and mend of each finding, without the part that says which course. */
export function told(folder: ClassFolder, { findings }: Diagnosis): string[] {
  return findings.map(({ rule, who, mend }) =>
    [rule, who, mend].join(" | ").replaceAll(` --course ${folder.path}`, "").replaceAll(folder.path, "."),
  );
}
