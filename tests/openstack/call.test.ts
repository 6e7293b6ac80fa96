import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { z } from "zod";
import { CloudProxy } from "../../cloud-proxy/cloudProxy.ts";
import type { Fault } from "../../cloud-proxy/faultSchedule.ts";
import { ApiError } from "../../openstack/apiError.ts";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { nothing, Session } from "../../openstack/session.ts";
import { type FakeOpenStack, fakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";

const NETWORKS = "/v2.0/networks";

let cloud: FakeOpenStack;
let proxy: CloudProxy;
let session: Session;
beforeEach(async () => {
  let isThere = true;
  cloud = await fakeOpenStack({
    answers: {
      [`POST /network${NETWORKS}`]: () => ({ status: 201, body: {} }),
      [`DELETE /network${NETWORKS}/1`]: () => {
        const status = isThere ? 204 : 404;
        isThere = false;
        return { status };
      },
    },
  });
  proxy = await CloudProxy.open("class", { settings: teacherSettings(cloud) });
  session = await Session.open(cloudSettings("class", proxy.env));
  cloud.requests.length = 0;
  proxy.exchanges.length = 0;
});
afterEach(async () => {
  await proxy.close();
  await cloud.close();
});

const list = () => session.request("network", "GET", NETWORKS, z.object({ networks: z.array(z.unknown()) }));
const make = () => session.request("network", "POST", NETWORKS, nothing, { body: {} });
const remove = () => session.request("network", "DELETE", `${NETWORKS}/1`, nothing);
/** The first so many requests. */
const first = (count: number, fault: Fault) => {
  proxy.inject({ when: { from: 1, to: count }, fault });
};

describe("a call", () => {
  it.each<Fault>([
    ...[500, 502, 503, 504, 429].map((status) => ({ kind: "status", status }) as const),
    { kind: "reset" },
    { kind: "truncated" },
  ])("that only reads is tried again: $kind $status", async (fault) => {
    first(2, fault);
    expect((await list()).networks).toHaveLength(1);
    expect(proxy.exchanges).toHaveLength(3);
  });

  it("is given up after four tries, with the last error", { timeout: 15_000 }, async () => {
    first(9, { kind: "status", status: 503 });
    await expect(list()).rejects.toThrow("503: injected 503");
    expect(proxy.exchanges).toHaveLength(4);
  });

  it.each<Fault>([
    { kind: "status", status: 503 },
    { kind: "reset", accepted: true },
  ])("that makes something is never sent twice: $kind", async (fault) => {
    first(1, fault);
    await expect(make()).rejects.toThrow();
    expect(proxy.exchanges).toHaveLength(1);
  });

  it("that makes something is sent again when the service said that it did nothing", async () => {
    first(1, { kind: "status", status: 429 });
    await make();
    expect(cloud.requests).toEqual([`POST /network${NETWORKS}`]);
  });

  it("that deletes has done so when the second try finds nothing, but not when the first does", async () => {
    first(1, { kind: "reset", accepted: true });
    await remove();
    expect(cloud.requests).toHaveLength(2);
    await expect(remove()).rejects.toThrow(ApiError);
  });

  it("waits as long as it is asked to, and so do all others", async () => {
    first(1, { kind: "status", status: 429, retryAfterSeconds: 2 });
    const began = performance.now();
    const one = list();
    while (proxy.exchanges[0]?.status === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    await Promise.all([list(), one]);
    expect(performance.now() - began).toBeGreaterThan(1900);
    expect(proxy.exchanges.map(({ at }) => at - (proxy.exchanges[0]?.at ?? 0) > 1900)).toEqual([false, true, true]);
  });

  it("logs in again, once, when its token has expired", async () => {
    await list();
    proxy.expireTokens();
    proxy.exchanges.length = 0;
    const until = () => {
      proxy.calm();
      return Promise.resolve();
    };
    proxy.inject({ path: /auth\/tokens/, when: { nth: 1 }, fault: { kind: "hold", until } });
    await Promise.all([list(), make(), list()]);
    expect(proxy.exchanges.filter(({ path }) => path.endsWith("/auth/tokens"))).toHaveLength(1);
    expect(proxy.exchanges.filter(({ status }) => status === 401)).toHaveLength(3);
  });

  it("says that the credentials are refused when that is so for good", async () => {
    await list();
    proxy.inject({ when: { from: 1 }, fault: { kind: "status", status: 401 } });
    await expect(list()).rejects.toThrow("refuses these credentials (401)");
  });
});
