import { Session } from "../../openstack/session.ts";
import type { FakeOpenStack } from "./fakeOpenStack.ts";

/** Logged in at the fake cloud. */
export function teacherSession({ authUrl }: FakeOpenStack): Promise<Session> {
  return Session.open({
    source: "the test",
    authUrl,
    region: undefined,
    cacert: undefined,
    credentials: {
      method: "password",
      username: "teacher",
      password: "right",
      userDomain: { name: "Default" },
      project: { name: "class", domain: { name: "Default" } },
    },
  });
}
