import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { afterEach, describe, expect, it } from "vitest";
import { checkCourse } from "../../cli/course-access/checkCourse.ts";
import { fakeOpenStack, type FakeOpenStack } from "../support/fakeOpenStack.ts";
import { teacherSettings } from "../support/teacherSession.ts";
import { loaded } from "./checkedCourse.ts";

let cloud: FakeOpenStack | undefined;
afterEach(async () => {
  await cloud?.close();
  cloud = undefined;
});

describe("a cloud that cannot be asked", () => {
  const refused = async (settings: Partial<ReturnType<typeof teacherSettings>>) => {
    cloud ??= await fakeOpenStack();
    const error: unknown = await checkCourse(loaded(1), { settings: { ...teacherSettings(cloud), ...settings } }).catch(
      (reason: unknown) => reason,
    );
    return { message: String(error) };
  };
  const listening = async (server: Server) => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address() satisfies AddressInfo | string | null;
    return typeof address === "object" ? (address?.port ?? 0) : 0;
  };
  const closed = async (server: Server) => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };

  it("is told at once when the credentials are wrong", async () => {
    const credentials = { method: "applicationCredential", id: "a", secret: "expired" } as const;
    const { message } = await refused({ credentials });
    expect(message).toContain("refuses these credentials (401)");
    expect(cloud?.requests).toEqual(["POST /v3/auth/tokens"]);
  });

  it("is told at once when nothing listens there", async () => {
    const { message } = await refused({ authUrl: "http://127.0.0.1:1" });
    expect(message).toMatch(/cannot reach http:\/\/127\.0\.0\.1:1\/v3\/auth\/tokens/);
  });

  it.each([
    ["never answers", () => undefined, "cannot reach"],
    [
      "stops in the middle of its answer",
      (_request: IncomingMessage, response: ServerResponse) => {
        response.writeHead(201, { "x-subject-token": "token-1" });
        response.write('{"token":');
      },
      "cannot read the answer of",
    ],
  ] as const)("is given up within seconds when it %s", { timeout: 15_000 }, async (_what, behave, words) => {
    const server = createServer(behave);
    const port = await listening(server);
    try {
      const { message } = await refused({ authUrl: `http://127.0.0.1:${port}` });
      expect(message).toContain(`${words} http://127.0.0.1:${port}/v3/auth/tokens: no answer within 5 s`);
    } finally {
      await closed(server);
    }
  });

  it("is refused when its certificate is signed by itself, naming the key that says whom to trust", async (context) => {
    const folder = mkdtempSync(join(tmpdir(), "classroom-tls-"));
    const [key, certificate] = [join(folder, "key.pem"), join(folder, "certificate.pem")];
    const subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "1"];
    const made = await execa(
      "openssl",
      ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, ...subject],
      { reject: false },
    );
    if (made.failed) context.skip("openssl is not installed");
    const server = createTlsServer({ key: readFileSync(key), cert: readFileSync(certificate) });
    const port = await listening(server);
    try {
      const { message } = await refused({ authUrl: `https://127.0.0.1:${port}` });
      expect(message).toMatch(/tokens: self-signed certificate; name the authority's PEM file as cacert$/);
    } finally {
      await closed(server);
      rmSync(folder, { recursive: true });
    }
  });
});
