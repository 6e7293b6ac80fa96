import { describe, expect, it } from "vitest";
import { RetryPolicy, worthRetrying } from "../../engine/retry.ts";

const failed = (...messages: string[]) => ({ errors: messages.map((message) => ({ message })), output: "" });

describe("another try", () => {
  it.each([
    "Expected HTTP response code [201] when accessing [POST http://127.0.0.1:9696/v2.0/networks], but got 503 instead: busy",
    "error waiting for instance (1234) to become ready: unexpected state 'ERROR', wanted target 'ACTIVE'",
    "error waiting for instance (1234) to become ready: timeout while waiting for state to become 'ACTIVE' (last state: 'BUILD', timeout: 15m0s)",
    "Post http://127.0.0.1:9696/v2.0/ports: read tcp 127.0.0.1:4: connection reset by peer",
    "Get http://127.0.0.1:8774: net/http: timeout awaiting response headers",
    "error reading from server: EOF",
    'got 409 instead: {"NeutronError": {"message": "Subnet is in use"}}',
    "got 429 instead: Too Many Requests",
    "Error creating openstack_identity_role_assignment_v3: The service is currently unable to handle the request due to a temporary overloading or maintenance. This is a temporary condition. Try again later.",
  ])("helps when something passed: %s", (message) => {
    expect(worthRetrying(failed(message))).toBe(true);
  });

  it.each([
    "got 409 instead: Quota exceeded for resources: ['network']",
    "got 403 instead: Forbidden",
    "failed to save snapshot: (code=Unknown): write /state/net101.json.tmp: no space left on device; got 503 instead",
    "got 400 instead: Bad request",
    "error: the class stack organization/classroom/net101 does not have public yet",
    "unexpected state 'ERROR': No valid host was found",
    "update is not allowed by the plan: this resource is constrained to same; got 503 instead",
  ])("does not help against what the cloud means: %s", (message) => {
    expect(worthRetrying(failed(message))).toBe(false);
  });

  it("does not help when one of several reasons is final", () => {
    expect(worthRetrying(failed("got 503 instead", "got 403 instead: Forbidden"))).toBe(false);
  });

  it("looks at what Pulumi printed when it failed without an error of its own", () => {
    expect(worthRetrying({ errors: [], output: "error: connection refused" })).toBe(true);
    expect(worthRetrying({ errors: [], output: "error: unknown flag" })).toBe(false);
  });
});

describe("how often is tried", () => {
  const busy = { errors: [{ message: "got 503 instead" }] };
  /** @returns how many tries, when each ends so */
  const triesWith = (failed: Parameters<RetryPolicy["pauseAfter"]>[0]) => {
    const policy = new RetryPolicy();
    let tries = 1;
    while (policy.pauseAfter(failed) !== undefined) tries += 1;
    return tries;
  };

  it("ends soon when nothing gets on, with longer and longer pauses", () => {
    expect(triesWith({ ...busy, changes: { same: 20 } })).toBe(5);
    const policy = new RetryPolicy();
    const pauses = [1, 2, 3].map(() => policy.pauseAfter({ ...busy, changes: {} }) ?? 0);
    expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
  });

  it("goes on while something gets on, but not for ever", () => {
    expect(triesWith({ ...busy, changes: { create: 1 } })).toBe(12);
  });

  it.each([
    "unexpected state 'ERROR', wanted target 'ACTIVE'",
    "timeout while waiting for state to become 'ACTIVE' (last state: 'BUILD', timeout: 15m0s)",
    "the cloud has not answered: openstack:compute/instance:Instance timed out after 900 s",
  ])("builds an instance that never comes up twice anew, and no third time: %s", (message) => {
    expect(triesWith({ errors: [{ message }], changes: { create: 3 } })).toBe(3);
  });
});
