import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { AdaptiveLimit } from "../../bench/limit/adaptiveLimit.ts";
import { serviceOf, usedBetween } from "../../bench/measure/cloudCpu.ts";
import { ApiError } from "../../openstack/apiError.ts";

const calls = (limit: AdaptiveLimit, count: number, call: () => Promise<void>) =>
  Promise.all(Array.from({ length: count }, (_, index) => limit.run("a", index, call)));

describe("AdaptiveLimit", () => {
  it("lets more in while calls go well, never more than it says", async () => {
    const limit = new AdaptiveLimit({ start: 2, most: 6 });
    let inFlight = 0;
    let most = 0;
    await calls(limit, 60, async () => {
      inFlight += 1;
      most = Math.max(most, inFlight);
      expect(inFlight).toBeLessThanOrEqual(6);
      await sleep(5);
      inFlight -= 1;
    });
    expect(limit.limit).toBe(6);
    expect(most).toBe(6);
  });

  it("halves when the cloud refuses, and makes the call again", async () => {
    const limit = new AdaptiveLimit({ start: 16 });
    let asked = 0;
    await calls(limit, 16, () => {
      asked += 1;
      return asked <= 16 ? Promise.reject(new ApiError("GET", 503, "")) : Promise.resolve();
    });
    expect(asked).toBe(32);
    expect(limit.limit).toBeLessThanOrEqual(9);
  });

  it("lets fewer in when calls only queue up", async () => {
    const limit = new AdaptiveLimit({ start: 8, slow: 3 });
    await limit.run("a", 0, () => sleep(2));
    await calls(limit, 40, () => sleep(40));
    expect(limit.limit).toBeLessThan(8);
  });

  it("hands on what is no overload, and gives up at last", async () => {
    const limit = new AdaptiveLimit();
    const refused = (status: number) => limit.run("a", 0, () => Promise.reject(new ApiError("GET", status, "")));
    await expect(refused(404)).rejects.toMatchObject({ status: 404 });
    await expect(refused(503)).rejects.toMatchObject({ status: 503 });
  }, 20_000);

  it("takes who was begun first first", async () => {
    const limit = new AdaptiveLimit({ start: 1, most: 1 });
    const order: number[] = [];
    const run = (student: number) =>
      limit.run("a", student, async () => {
        order.push(student);
        await sleep(1);
      });
    await Promise.all([run(1), run(3), run(2), run(1), run(3)]);
    expect(order).toEqual([1, 1, 2, 3, 3]);
  });
});

describe("the cloud's CPU", () => {
  it("is told by service", () => {
    expect(["neutron-server", "nova-api", "mariadb", "memcached", "keystone"].map(serviceOf)).toEqual([
      ...["neutron", "nova", "database", "cache", "keystone"],
    ]);
  });

  it("is what was used in between, the largest first; a service that began again has nothing", () => {
    const before = { neutron: 5, nova: 1, keystone: 9, glance: 2 };
    const after = { neutron: 7.5, nova: 4, keystone: 1, glance: 2 };
    expect(Object.entries(usedBetween(before, after))).toEqual([
      ["nova", 3],
      ["neutron", 2.5],
    ]);
  });
});
