import { readFileSync } from "node:fs";
import { z } from "zod";
import { ApiError } from "../../openstack/apiError.ts";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { type Service, Session } from "../../openstack/session.ts";
import { derivePassword } from "../../lab/passwords.ts";
import { CLOUD } from "./classFolder.ts";
import type { ClassFixture } from "./classFixture.ts";

const loginSchema = z.object({ project: z.object({ projectId: z.string(), userName: z.string() }) });

interface Login {
  userName: string;
  password: string;
  projectId: string;
}

/** What a student logs in with: as the stack's outputs say, with the password that the course's seed gives. */
export async function credentialsOf(fixture: ClassFixture, student: string): Promise<Login> {
  const { project } = loginSchema.parse((await fixture.stateOf(student)).outputs);
  const seed = readFileSync(fixture.hidden("password-seed"), "utf8").trim();
  const purpose = [fixture.course, "user", `${fixture.course}-${student}`, project.userName];
  return { ...project, password: derivePassword(seed, purpose) };
}

/** @param projectId another project than the student's own */
export async function logInAs(fixture: ClassFixture, student: string, projectId?: string): Promise<Session> {
  const own = await credentialsOf(fixture, student);
  return logInWith({ ...own, projectId: projectId ?? own.projectId });
}

export function logInWith({ userName, password, projectId }: Login): Promise<Session> {
  return Session.open({
    ...cloudSettings(CLOUD),
    source: userName,
    credentials: {
      ...{ method: "password", username: userName, password, userDomain: { name: "Default" } },
      project: { id: projectId },
    },
  });
}

/** Whatever the API answers: 200 when it grants it. */
export async function statusFor(
  session: Session,
  service: Service,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  body?: object,
): Promise<number> {
  try {
    await session.request(service, method, path, z.unknown(), body === undefined ? {} : { body });
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
}
