import { afterEach, describe, expect, it } from "vitest";
import { deleteProjectLeftovers } from "../../openstack/projectLeftovers.ts";
import { fakeOpenStack, type FakeAnswer, type FakeOpenStack, type Offers } from "../support/fakeOpenStack.ts";
import { teacherSession } from "../support/teacherSession.ts";

let cloud: FakeOpenStack;
afterEach(() => cloud.close());

const GROUPS = "GET /network/v2.0/security-groups?project_id=p1&name=default&fields=id";

const FIREWALL_GROUPS = "GET /network/v2.0/fwaas/firewall_groups?name=default";

async function leftovers(groups: string[], deletion: FakeAnswer, more: Offers["answers"] = {}): Promise<void> {
  cloud = await fakeOpenStack({
    answers: {
      ...more,
      [GROUPS]: () => ({ body: { security_groups: groups.map((id) => ({ id })) } }),
      "DELETE /network/v2.0/security-groups/g1": () => deletion,
      "DELETE /network/v2.0/quotas/p1": () => ({ status: 204 }),
      "DELETE /compute/os-quota-sets/p1": () => ({ status: 202 }),
    },
  });
  await deleteProjectLeftovers(await teacherSession(cloud), "p1");
}

describe("deleteProjectLeftovers", () => {
  it("deletes the default group and the quotas of every service, though Cinder has none", async () => {
    await leftovers(["g1"], { status: 204 });
    expect(cloud.requests.slice(1)).toEqual([
      GROUPS,
      "DELETE /network/v2.0/security-groups/g1",
      FIREWALL_GROUPS,
      "DELETE /network/v2.0/quotas/p1",
      "DELETE /compute/os-quota-sets/p1",
      "DELETE /volume/os-quota-sets/p1",
    ]);
  });

  it.each([[[]], [["g1"]]])("is fine when the group is gone (%j)", async (groups) => {
    await leftovers(groups, { status: 404 });
    expect(cloud.requests).toContain("DELETE /compute/os-quota-sets/p1");
  });

  it("deletes the default firewall group and its rules, and no other project's", async () => {
    const object = (id: string, name: string, project_id = "p1") => ({ id, name, project_id });
    const groups = [object("f1", "default"), object("f2", "default", "p2")];
    const rules = [object("r1", "default ingress ipv4"), object("r2", "default egress ipv6"), object("r3", "mine")];
    await leftovers(
      ["g1"],
      { status: 204 },
      {
        [FIREWALL_GROUPS]: () => ({ body: { firewall_groups: groups } }),
        "GET /network/v2.0/fwaas/firewall_rules?project_id=p1": () => ({ body: { firewall_rules: rules } }),
        "DELETE /network/v2.0/fwaas/firewall_groups/f1": () => ({ status: 204 }),
        "DELETE /network/v2.0/fwaas/firewall_rules/r1": () => ({ status: 204 }),
      },
    );
    expect(cloud.requests.filter((request) => request.startsWith("DELETE /network/v2.0/fwaas"))).toEqual([
      "DELETE /network/v2.0/fwaas/firewall_groups/f1",
      "DELETE /network/v2.0/fwaas/firewall_rules/r1",
      "DELETE /network/v2.0/fwaas/firewall_rules/r2",
    ]);
  });

  it("stops with Neutron's reason while the group is used", async () => {
    const conflict = { NeutronError: { type: "SecurityGroupInUse", message: "Security Group g1 in use.", detail: "" } };
    await expect(leftovers(["g1"], { status: 409, body: conflict })).rejects.toThrow(
      /answers 409: Security Group g1 in use\.$/,
    );
    expect(cloud.requests.filter((request) => request.includes("quota"))).toEqual([]);
  });
});
