import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { logs } from "../../local-cloud/paths.ts";
import { startPrograms, stopPrograms } from "../../local-cloud/supervisor.ts";
import type { InstanceOutput } from "../../course/studentOutputs.ts";
import { verifyPage, verifySsh } from "../../quickstart/verify.ts";
import {
  COURSE,
  given,
  openstack,
  openstackList,
  pings,
  PROVIDER_NETWORK,
  STUDENT_NAME,
  TestStack,
} from "./testStack.ts";

const REACH = ["ip", "netns", "exec", "classroom"];
const securityGroups = { web: ["ping", { allow: "ssh", from: PROVIDER_NETWORK }, "http"] };
const tiny = { image: "cirros", flavor: "m1.nano", network: "private" };
const first = { ...tiny, floatingIp: PROVIDER_NETWORK };
const debian = { image: "debian-12", network: "private", floatingIp: PROVIDER_NETWORK };

/** Every kind of object the stack makes; a floating IP has no name, but its tags. */
const LISTINGS = [
  "server list --all-projects",
  "port list --long",
  "floating ip list --long",
  "router list --long",
  "subnet list --long",
  "network list --long",
  "security group list",
  "keypair list",
];

const AGENT_LOG = join(logs, "neutron-linuxbridge.log");

/** By Nova's own clock: from the request to a running guest. */
async function secondsToBuild(instanceId: string): Promise<number> {
  const text = await openstack("server", "show", instanceId, "--format", "json");
  const times = z.object({ created: z.string(), "OS-SRV-USG:launched_at": z.string() }).parse(JSON.parse(text));
  // Nova tells the one with its zone, the other without.
  return (Date.parse(`${times["OS-SRV-USG:launched_at"]}Z`) - Date.parse(times.created)) / 1000;
}

let test: TestStack;
let outputs: Record<string, InstanceOutput>;
const one = (name: string) => given(outputs[name], `instance ${name}`);
const addressOf = (name: string) => given(one(name).floatingIp, `floating IP of ${name}`);

beforeAll(async () => {
  test = await TestStack.open();
});
afterAll(() => test.destroy());

describe("a student's stack on a real OpenStack", () => {
  it("comes up closed: nothing answers a ping", async () => {
    test.configure({ instances: { first, second: tiny } });
    const began = Date.now();
    outputs = await test.up();
    console.log(`two tiny instances and all around them were ready after ${Math.round((Date.now() - began) / 1000)} s`);
    expect(addressOf("first")).toMatch(/^172\.24\.4\./);
    expect(one("first").fixedIp).toMatch(/^192\.168\.50\./);
    // Long enough for the guest to have booted: the next test sees it answer.
    expect(await pings(addressOf("first"), 30)).toBe(false);
  });

  it("answers once the security group lets it, and nothing else changes", async () => {
    test.configure({ instances: { first, second: tiny }, securityGroups });
    expect(await test.changes()).toEqual({ create: 4 });
    outputs = await test.up();
    expect(await pings(addressOf("first"), 30)).toBe(true);
  });

  it("lets the student in with the printed command", async () => {
    expect(await verifySsh(one("first"))).toBe(`${COURSE}-kim-first`);
  });

  it("has nothing to change on a second look", async () => {
    expect(await test.changes()).toEqual({});
  });

  it("moves a floating IP to the other instance and back without replacing either", async () => {
    const before = { first: one("first"), second: one("second") };
    const address = addressOf("first");
    test.configure({ instances: { first: { ...first, floatingIpTo: "second" }, second: tiny }, securityGroups });
    expect(await test.changes()).toEqual({ update: 1, delete: 1 });
    outputs = await test.up();
    expect(addressOf("second")).toBe(address);
    expect(await verifySsh(one("second"))).toBe(`${COURSE}-kim-second`);

    test.configure({ instances: { first, second: tiny }, securityGroups });
    outputs = await test.up();
    expect(await verifySsh(one("first"))).toBe(`${COURSE}-kim-first`);
    for (const name of ["first", "second"] as const) expect(one(name).instanceId).toBe(before[name].instanceId);
  });

  it("wires the next instance at once after addresses changed and the agent restarted beside running guests", async () => {
    const port = `${COURSE}-kim-first-port`;
    const extra = `subnet=${COURSE}-kim-private-subnet,ip-address=192.168.50.77`;
    const told = readFileSync(AGENT_LOG, "utf8").length;
    // Once while the agent looks on, every two seconds, and once behind its back.
    for (const change of ["set", "unset", "set"]) {
      await openstack("port", change, "--fixed-ip", extra, port);
      await sleep(5000);
    }
    await stopPrograms("inside", ["neutron-linuxbridge"]);
    await openstack("port", "unset", "--fixed-ip", extra, port);
    await startPrograms("inside", ["neutron-linuxbridge"]);

    test.configure({
      instances: {
        first,
        second: tiny,
        third: { ...first, userData: "#!/bin/sh\necho own user data ran >/dev/console\n" },
      },
      securityGroups,
    });
    // Nova gives up on a port that is not wired after 120 s, and the instance would be in ERROR.
    outputs = await test.up();
    expect(await pings(addressOf("third"), 10)).toBe(true);
    console.log(`the third instance ran ${await secondsToBuild(one("third").instanceId)} s after it was asked for`);
    expect(readFileSync(AGENT_LOG, "utf8").slice(told)).not.toMatch(/RULE_DELETE|ebtables.*(failed|invalid)/i);
    expect(await openstack("console", "log", "show", one("third").instanceId)).toContain("own user data ran");
    expect(await verifySsh(one("first"))).toBe(`${COURSE}-kim-first`);
  });

  it("serves the student's page from Apache and from Docker, installed at first boot", async () => {
    const docker = { image: "172.24.4.1:5005/httpd:latest", insecureRegistries: ["172.24.4.1:5005"] };
    test.configure({
      instances: {
        first,
        second: tiny,
        apache: { ...debian, flavor: "ds512M", web: "apache" },
        docker: { ...debian, flavor: "ds1G", web: "docker", docker },
      },
      securityGroups,
    });
    expect(await test.changes()).toEqual({ create: 10, delete: 5 });
    const began = Date.now();
    outputs = await test.up();
    console.log(`Apache and Docker side by side answered after ${Math.round((Date.now() - began) / 1000)} s`);
    for (const name of ["apache", "docker"]) {
      await verifyPage(given(one(name).url, "url"), STUDENT_NAME, REACH);
      expect(await verifySsh(one(name))).toBe(`${COURSE}-kim-${name}`);
    }
  });

  it("is not touched by a second update", async () => {
    expect(await test.changes()).toEqual({});
    const before = outputs;
    outputs = await test.up();
    expect(outputs).toEqual(before);
  });

  it("is destroyed without leaving anything of ours in any service", async () => {
    await test.stack.destroy();
    for (const listing of LISTINGS) {
      const objects = await openstackList(...listing.split(" "));
      expect([listing, ...objects.filter((object) => JSON.stringify(object).includes(COURSE))]).toEqual([listing]);
    }
    expect(await openstack("image", "list")).toContain("cirros");
  });
});
