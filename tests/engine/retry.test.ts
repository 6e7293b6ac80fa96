import { describe, expect, it } from "vitest";
import { worthRetrying } from "../../engine/retry.ts";

const failed = (...messages: string[]) => ({ errors: messages.map((message) => ({ message })), output: "" });

describe("another try", () => {
  it.each([
    "Expected HTTP response code [201] when accessing [POST http://127.0.0.1:9696/v2.0/networks], but got 503 instead: busy",
    "error waiting for instance (1234) to become ready: unexpected state 'ERROR', wanted target 'ACTIVE'",
    "Post http://127.0.0.1:9696/v2.0/ports: read tcp 127.0.0.1:4: connection reset by peer",
    "Get http://127.0.0.1:8774: net/http: timeout awaiting response headers",
    "error reading from server: EOF",
    'got 409 instead: {"NeutronError": {"message": "Subnet is in use"}}',
    "got 429 instead: Too Many Requests",
  ])("helps when something passed: %s", (message) => {
    expect(worthRetrying(failed(message))).toBe(true);
  });

  it.each([
    "got 409 instead: Quota exceeded for resources: ['network']",
    "got 403 instead: Forbidden",
    "got 400 instead: Bad request",
    "error: the class stack organization/classroom/net101 does not have public yet",
    "unexpected state 'ERROR': No valid host was found",
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
