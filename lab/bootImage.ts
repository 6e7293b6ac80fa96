import type { Lab } from "./labSchema.ts";
import type { InstanceEntry, StudentPart } from "./studentSchema.ts";

/** The image an instance boots from, be it by way of a volume; undefined where there is none. */
export function bootImageOf({ student }: Lab, { image, bootFromVolume }: InstanceEntry): string | undefined {
  if (image !== undefined || bootFromVolume === undefined) return image;
  return student.volumes[originOf(student, bootFromVolume)]?.image;
}

/** The volume whose content a volume begins with, be it by way of snapshots; where they form a ring, one of them. */
export function originOf(
  student: Pick<StudentPart, "volumes" | "snapshots">,
  volume: string,
  passed: readonly string[] = [],
): string {
  const source = student.snapshots[student.volumes[volume]?.fromSnapshot ?? ""]?.of;
  return source === undefined || passed.includes(source) ? volume : originOf(student, source, [...passed, volume]);
}
