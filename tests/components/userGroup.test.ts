import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { UserGroup, type UserGroupArgs } from "../../components/userGroup.ts";
import { ADMIN_TYPES } from "../support/adminTypes.ts";
import { mockCloud, valueOf, type MockCloud } from "../support/mockCloud.ts";
import { secretOf } from "../support/secretOf.ts";

const args: UserGroupArgs = { groupName: "dev", members: { devuser1: { password: "a" }, devuser2: { password: "b" } } };
let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("UserGroup", () => {
  it("makes the group and its users, and is known once they are in it", async () => {
    const group = new UserGroup("dev", { ...args, description: "developers" });
    expect(await valueOf(group.groupId)).toBe("dev-group-id");
    expect(cloud.only(ADMIN_TYPES.group)).toEqual({ name: "dev", description: "developers" });
    const { password, ...user } = cloud.named(ADMIN_TYPES.user, "dev-devuser2-user");
    expect(secretOf(password)).toBe("b");
    expect(user).toEqual({ name: "devuser2" });
    expect(cloud.named(ADMIN_TYPES.membership, "dev-devuser2-membership")).toEqual({
      userId: "dev-devuser2-user-id",
      groupId: "dev-group-id",
    });
    expect(cloud.registrations).toHaveLength(6);
    expect(Object.keys(group.userIds)).toEqual(["devuser1", "devuser2"]);
  });

  it("may be empty", async () => {
    expect(await valueOf(new UserGroup("dev", { groupName: "dev" }).groupId)).toBe("dev-group-id");
    expect(cloud.registrations.map(({ type }) => type)).toEqual(["classroom:index:UserGroup", ADMIN_TYPES.group]);
  });

  it.each<[Partial<UserGroupArgs>, string]>([
    [{ groupName: "" }, 'groupName: "" is empty'],
    [{ groupName: "g".repeat(65) }, "has 65 characters; use at most 64"],
    [{ members: { "kim ": { password: "x" } } }, 'members.kim : "kim " is empty or has spaces at an end'],
    [{ members: { kim: { password: "" } } }, "members.kim.password: is empty; give one"],
  ])("refuses %j and registers nothing", async (wrong, reason) => {
    expect(() => new UserGroup("dev", { ...args, ...wrong })).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});
