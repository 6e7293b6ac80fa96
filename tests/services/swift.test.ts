import { createHash, createHmac, randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { z } from "zod";
import { region } from "../../local-cloud/apis.ts";
import { bringUp, ProjectUser } from "../cloud/projectUser.ts";

const TEXT = "an object of the class\n";
let user: ProjectUser;
const objectUrl = () => `${user.url("object-store")}/pictures/greeting.txt`;
const anybody = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};
const store = (method: string, path: string, body?: string, headers = {}) =>
  user.ask("object-store", method, path, body, headers);

beforeAll(async () => {
  await bringUp("swift");
  user = await ProjectUser.make(`swifttest-${process.pid}`);
  expect((await store("PUT", "/pictures")).status).toBe(201);
  expect((await store("PUT", "/pictures/greeting.txt", TEXT, { "content-type": "text/plain" })).status).toBe(201);
});
afterAll(async () => {
  for (const path of ["/pictures/greeting.txt", "/pictures", "/bucket/by-s3.txt", "/bucket"])
    await store("DELETE", path);
  await user.remove();
});

it("keeps an object from others, shows it to all while its container is public, and hides it again", async () => {
  expect((await anybody(objectUrl())).status).toBe(401);
  await store("POST", "/pictures", undefined, { "x-container-read": ".r:*" });
  expect(await anybody(objectUrl())).toEqual({ status: 200, text: TEXT });
  await store("POST", "/pictures", undefined, { "x-container-read": "" });
  expect((await anybody(objectUrl())).status).toBe(401);
});

it("lets whoever has a temporary URL read the object, and nobody who has tampered with it", async () => {
  const key = randomBytes(16).toString("hex");
  await store("POST", "", undefined, { "x-account-meta-temp-url-key": key });
  const expires = Math.floor(Date.now() / 1000) + 60;
  const { pathname } = new URL(objectUrl());
  const signature = createHmac("sha256", key).update(`GET\n${expires}\n${pathname}`).digest("hex");
  const link = (until: number) => `${objectUrl()}?temp_url_sig=${signature}&temp_url_expires=${until}`;
  expect(await anybody(link(expires))).toEqual({ status: 200, text: TEXT });
  expect((await anybody(link(expires + 1))).status).toBe(401);
});

it("stores and gives by S3's API what Swift's shows as well", async () => {
  const { access, secret } = z
    .object({ credential: z.object({ access: z.string(), secret: z.string() }) })
    .parse(
      await user.call("identity", "POST", `/users/${user.userId}/credentials/OS-EC2`, { tenant_id: user.projectId }),
    ).credential;
  const s3 = async (method: string, path: string, body = "", as = secret) => {
    const response = await fetch(new URL(path, user.url("object-store")), {
      method,
      headers: signed(method, path, body, access, as),
      ...(body === "" ? {} : { body }),
    });
    return { status: response.status, text: await response.text() };
  };
  expect((await s3("PUT", "/bucket")).status).toBe(200);
  expect((await s3("PUT", "/bucket/by-s3.txt", TEXT)).status).toBe(200);
  expect(await s3("GET", "/bucket/by-s3.txt")).toEqual({ status: 200, text: TEXT });
  expect((await s3("GET", "/bucket/by-s3.txt", "", "0".repeat(32))).status).toBe(403);
  expect((await store("GET", "/bucket")).text).toBe("by-s3.txt\n");
});

it("tells the account how many objects it has, soon", async () => {
  const count = async () => Number((await store("HEAD", "")).headers.get("x-account-object-count"));
  await expect.poll(count, { timeout: 60_000, interval: 1000 }).toBe(2);
});

/** https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html */
function signed(method: string, path: string, body: string, access: string, secret: string): Record<string, string> {
  const hash = createHash("sha256").update(body).digest("hex");
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const headers = { host: new URL(user.url("object-store")).host, "x-amz-content-sha256": hash, "x-amz-date": time };
  const names = Object.keys(headers).join(";");
  const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
  const request = [method, path, "", lines.join(""), names, hash].join("\n");
  const toSign = ["AWS4-HMAC-SHA256", time, scope, createHash("sha256").update(request).digest("hex")].join("\n");
  const key = scope
    .split("/")
    .reduce<string | Buffer>((last, part) => createHmac("sha256", last).update(part).digest(), `AWS4${secret}`);
  const signature = createHmac("sha256", key).update(toSign).digest("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${access}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}
