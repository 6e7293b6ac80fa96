import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CloudProxy } from "../../cloud-proxy/cloudProxy.ts";
import { countRequests } from "../../cloud-proxy/exchange.ts";
import type { Fault } from "../../cloud-proxy/faultSchedule.ts";
import { cloudSettings } from "../../openstack/cloudSettings.ts";
import { Session } from "../../openstack/session.ts";
import { type FakeOpenStack, fakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";

/** A list that is longer than one packet. */
const LONG = { networks: Array.from({ length: 5000 }, (_, index) => ({ id: `n${index}`, name: "net" })) };

let cloud: FakeOpenStack;
let proxy: CloudProxy;
let network: string;

beforeEach(async () => {
  cloud = await fakeOpenStack({
    answers: {
      "POST /network/v2.0/networks": ({ body }) => ({ status: 201, body: { sent: body } }),
      "GET /network/v2.0/long": () => ({ body: LONG }),
      "DELETE /network/v2.0/networks/1": () => ({ status: 204 }),
    },
  });
  proxy = await CloudProxy.open("class", { settings: teacherSettings(cloud), seed: 7 });
  network = (await logIn()).endpoint("network") ?? "";
  cloud.requests.length = 0;
  proxy.exchanges.length = 0;
});
afterEach(async () => {
  await proxy.close();
  await cloud.close();
});

const logIn = () => Session.open(cloudSettings("class", proxy.env));

function send(method: string, path = "/v2.0/networks", body?: object): Promise<Response> {
  return fetch(network + path, {
    ...{ method, headers: { "x-auth-token": "token-1", "content-type": "application/json" } },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

const once = (fault: Fault) => {
  proxy.inject({ when: { nth: 1 }, fault });
};

/** fetch hides the reason of a broken connection. */
const reasonOf = (answer: Promise<unknown>) =>
  answer.then(
    () => "an answer",
    (error: unknown) => (error instanceof Error && error.cause instanceof Error ? String(error.cause) : String(error)),
  );

describe("CloudProxy", () => {
  it("stands before every service of the cloud, as its clouds.yaml and the catalogue say", async () => {
    const session = await logIn();
    const services = ["identity", "compute", "network", "image", "placement", "volume"] as const;
    const origins = services.map((service) => new URL(session.endpoint(service) ?? "").origin);
    expect(new Set(origins).size).toBe(services.length);
    expect(origins).not.toContain(new URL(cloud.authUrl).origin);
    expect(origins[0]).toBe(new URL(proxy.authUrl).origin);
  });

  it("passes bodies on unchanged, both ways, and writes down what came by", async () => {
    expect(await (await send("POST", "/v2.0/networks", { network: { name: "lan" } })).json()).toEqual({
      sent: { network: { name: "lan" } },
    });
    expect(await (await send("GET", "/v2.0/long")).json()).toEqual(LONG);
    expect((await send("DELETE", "/v2.0/networks/1")).status).toBe(204);
    expect((await send("GET", "/v2.0/ports/0f0c1f2e-8a3b-4f3e-9d2e-2d1f0a9b8c7d?fields=id&fields=name")).status).toBe(
      404,
    );
    expect(cloud.requests).toHaveLength(4);
    expect(countRequests(proxy.exchanges)).toMatchObject({
      ...{ total: 4, writes: 2, injected: 0, failures: 0 },
      byMethod: { GET: 2, POST: 1, DELETE: 1 },
      byService: { network: 4 },
      byPattern: {
        "POST network /network/v2.0/networks": 1,
        "GET network /network/v2.0/ports/{id}?fields": 1,
        "DELETE network /network/v2.0/networks/{id}": 1,
      },
      byStatus: { "200": 1, "201": 1, "204": 1, "404": 1 },
    });
    for (const { milliseconds } of proxy.exchanges) expect(milliseconds).toBeGreaterThan(0);
  });

  it("answers with an error in the cloud's place, which never hears of the request", async () => {
    once({ kind: "status", status: 429, retryAfterSeconds: 3 });
    const answer = await send("POST", "/v2.0/networks", { network: {} });
    expect([answer.status, answer.headers.get("retry-after")]).toEqual([429, "3"]);
    expect(cloud.requests).toEqual([]);
    expect((await send("POST")).status).toBe(201);
    expect(proxy.exchanges.map(({ injected, status }) => [injected, status])).toEqual([
      ["429", 429],
      [undefined, 201],
    ]);
  });

  it("answers with an error although the cloud has done it", async () => {
    once({ kind: "status", status: 503, accepted: true });
    const answer = await send("POST");
    expect([answer.status, answer.headers.get("content-type")]).toEqual([503, "text/html"]);
    expect(cloud.requests).toEqual(["POST /network/v2.0/networks"]);
  });

  it.each([
    { accepted: false, requests: [] },
    { accepted: true, requests: ["POST /network/v2.0/networks"] },
  ])("resets the connection, accepted by the cloud: $accepted", async ({ accepted, requests }) => {
    once({ kind: "reset", accepted });
    expect(await reasonOf(send("POST"))).toContain("ECONNRESET");
    expect(cloud.requests).toEqual(requests);
    expect(proxy.exchanges[0]).toMatchObject({ status: undefined, failure: undefined });
  });

  it("never answers", async () => {
    once({ kind: "hang" });
    const answer = send("GET");
    expect(await Promise.race([answer, sleep(300, "nothing")])).toBe("nothing");
    await proxy.close();
    await expect(answer).rejects.toThrow();
    expect(cloud.requests).toEqual([]);
  });

  it("is slow", async () => {
    once({ kind: "slow", seconds: 0.3 });
    const began = performance.now();
    expect((await send("GET")).status).toBe(200);
    expect(performance.now() - began).toBeGreaterThan(290);
  });

  it("breaks off in the middle of the body", async () => {
    once({ kind: "truncated" });
    const answer = await send("GET", "/v2.0/long");
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  it("holds a request before the cloud hears of it, and an answer before the client does", async () => {
    const seen: number[] = [];
    const until = () => {
      seen.push(cloud.requests.length);
      return Promise.resolve();
    };
    proxy.inject(
      { when: { nth: 1 }, fault: { kind: "hold", until } },
      { when: { nth: 2 }, fault: { kind: "hold", accepted: true, until } },
    );
    expect([(await send("POST")).status, (await send("POST")).status]).toEqual([201, 201]);
    expect(seen).toEqual([0, 2]);
  });

  it("does not pass on what it held for a client that is gone", async () => {
    const gone = new AbortController();
    const until = async () => {
      gone.abort();
      await sleep(100);
    };
    once({ kind: "hold", until });
    await expect(
      fetch(`${network}/v2.0/networks`, {
        method: "POST",
        signal: gone.signal,
        headers: { "x-auth-token": "token-1" },
      }),
    ).rejects.toThrow();
    await sleep(300);
    expect(cloud.requests).toEqual([]);
  });

  it("meets the requests that the rule names, and only when it is their turn", async () => {
    proxy.inject({
      method: "DELETE",
      path: /networks\/1$/,
      when: { from: 2, to: 3 },
      fault: { kind: "status", status: 409 },
    });
    const statuses: number[] = [];
    for (let count = 0; count < 4; count += 1) {
      statuses.push((await send("DELETE", "/v2.0/networks/1")).status);
      expect((await send("POST")).status).toBe(201);
    }
    expect(statuses).toEqual([204, 409, 409, 204]);
    proxy.inject({ service: "compute", when: { from: 1 }, fault: { kind: "reset" } });
    expect((await send("POST")).status).toBe(201);
    proxy.inject({ when: { from: 1 }, fault: { kind: "reset" } });
    proxy.calm();
    expect((await send("POST")).status).toBe(201);
  });

  it("errs at random, but the same way with the same seed", async () => {
    const statusesWith = async (seed: number) => {
      const other = await CloudProxy.open("class", { settings: teacherSettings(cloud), seed });
      other.inject({ service: "network", when: { chance: 0.3 }, fault: { kind: "status", status: 503 } });
      const endpoint = (await Session.open(cloudSettings("class", other.env))).endpoint("network") ?? "";
      const statuses: number[] = [];
      for (let count = 0; count < 40; count += 1)
        statuses.push((await fetch(`${endpoint}/v2.0/networks`, { headers: { "x-auth-token": "token-1" } })).status);
      await other.close();
      return statuses;
    };
    const first = await statusesWith(1);
    expect(await statusesWith(1)).toEqual(first);
    expect(await statusesWith(2)).not.toEqual(first);
    const failed = first.filter((status) => status === 503).length;
    expect(failed).toBeGreaterThan(4);
    expect(failed).toBeLessThan(22);
  });

  it("refuses the tokens that were used so far, as expired", async () => {
    expect((await send("GET")).status).toBe(200);
    proxy.expireTokens();
    expect((await send("GET")).status).toBe(401);
    expect(cloud.requests).toHaveLength(1);
    proxy.calm();
    expect((await send("GET")).status).toBe(200);
  });

  it("hides a service from whoever logs in", async () => {
    proxy.hide("compute");
    const session = await logIn();
    expect([session.hasService("compute"), session.hasService("network")]).toEqual([false, true]);
  });

  it("tells when the cloud itself cannot be asked", async () => {
    await cloud.close();
    expect(await reasonOf(send("GET"))).toContain("ECONNRESET");
    expect(countRequests(proxy.exchanges).failures).toBe(1);
    cloud = await fakeOpenStack();
  });
});
