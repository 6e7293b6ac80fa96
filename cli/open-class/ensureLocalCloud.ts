import { execa } from "execa";
import { neededServices } from "../../lab/neededServices.ts";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { Session } from "../../openstack/session.ts";
import type { LoadedCourse } from "../../stacks/courseFolder.ts";
import { UserError } from "../../terminal/userError.ts";
import { projectFolder } from "../course-access/courseEngine.ts";

/** The entry of clouds.yaml that the local cloud writes. */
export const LOCAL_CLOUD = "local";

/** A course for the local cloud starts it, with the services that its lab needs, where it does not run. Every other cloud is there or not. */
export async function ensureLocalCloud({ course, lab }: LoadedCourse): Promise<void> {
  if (course.cloud !== LOCAL_CLOUD || (await answers())) return;
  console.error("the local cloud does not answer; it is started");
  const services = [...new Set(neededServices(lab).map(({ service }) => service))];
  const args = ["local-cloud/main.ts", "up", ...(services.length === 0 ? [] : ["--with", services.join(",")])];
  const { exitCode } = await execa("node", args, {
    ...{ cwd: projectFolder, stdio: ["ignore", process.stderr, process.stderr], reject: false },
  });
  if (exitCode !== 0) throw new UserError("the local cloud could not be started; see above", 1);
}

async function answers(): Promise<boolean> {
  try {
    await Session.open(cloudSettings(LOCAL_CLOUD));
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}
