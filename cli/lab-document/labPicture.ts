import { writeFileSync } from "node:fs";
import { readLab } from "../../labs/readLab.ts";
import { topologyOf } from "../../labs/topology.ts";
import { topologySvg } from "../../labs/topologySvg.ts";
import { expandHome } from "../../terminal/expandHome.ts";
import { UserError } from "../../terminal/userError.ts";

/** The picture of a lab's topology as SVG, as it is at one step of its exercise. */
export async function labPicture(nameOrPath: string, step?: string): Promise<string> {
  return topologySvg(topologyOf(readLab(nameOrPath, step).lab));
}

/** @throws UserError when the file cannot be written */
export function writePicture(file: string, svg: string): void {
  try {
    writeFileSync(expandHome(file), svg);
  } catch (error) {
    throw new UserError(`the picture cannot be written: ${error instanceof Error ? error.message : String(error)}`);
  }
}
