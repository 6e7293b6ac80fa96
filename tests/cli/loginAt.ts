import { vi } from "vitest";
import type { FakeOpenStack } from "../support/fakeOpenStack.ts";
import type { ClassFolder } from "./classFolder.ts";

/** The course's teacher is logged in at this cloud by clouds.yaml, and by nothing else. */
export function loginAt({ authUrl }: FakeOpenStack, folder: ClassFolder): void {
  for (const name of Object.keys(process.env)) if (/^(OS|PULUMI|CLASSROOM)_/.test(name)) vi.stubEnv(name, undefined);
  const domains = { user_domain_name: "Default", project_domain_name: "Default" };
  const auth = { auth_url: authUrl, username: "teacher", password: "right", project_name: "class", ...domains };
  const file = folder.write("clouds.yaml", JSON.stringify({ clouds: { test: { auth } } }));
  vi.stubEnv("OS_CLIENT_CONFIG_FILE", file);
  vi.stubEnv("OS_CLOUD", "test");
}
