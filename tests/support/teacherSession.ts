import type { CloudSettings } from "../../openstack/cloudSettings.ts";
import { Session } from "../../openstack/session.ts";
import type { FakeOpenStack } from "./fakeOpenStack.ts";

/** How a teacher logs in at the fake cloud. */
export function teacherSettings({ authUrl }: FakeOpenStack): CloudSettings {
  return {
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
  };
}

/** Logged in at the fake cloud. */
export function teacherSession(cloud: FakeOpenStack): Promise<Session> {
  return Session.open(teacherSettings(cloud));
}
