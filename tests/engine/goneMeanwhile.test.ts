import { expect, it } from "vitest";
import { wasGoneMeanwhile } from "../../engine/goneMeanwhile.ts";

/** What `pulumi` 3.259 wrote to standard error when somebody else's lock went while it looked. */
const S3 = `error: 2 errors occurred:
    1) operation error S3: GetObject, https response error StatusCode: 404, RequestID: tx1, HostID: tx1, NoSuchKey: The specified key does not exist.
    2) NotFound
`;
const POSTGRES = "error: could not list bucket: blob (code=NotFound): sql: no rows in result set\n";
const FOLDER = `error: could not create stack: blob (key ".pulumi/locks/organization/classroom/net101.kim/1.json") (code=NotFound): stat /srv/state/.pulumi/locks/organization/classroom/net101.kim/1.json: no such file or directory
`;

it.each([
  ["S3", S3],
  ["Postgres", POSTGRES],
  ["a folder", FOLDER],
  ["a terminal", POSTGRES.replace("error:", "\u001b[38;5;9merror: \u001b[0m")],
])("knows the words of %s", (_place, output) => {
  expect(wasGoneMeanwhile(output)).toBe(true);
});

it.each([
  ["nothing", ""],
  ["a stack that is not there", "error: no stack named 'net101.kim' found\n"],
  [
    "what the cloud does not find",
    'error: Resource not found: [GET http://127.0.0.1:9696/v2.0/routers/1], error message: {"NeutronError": {"type": "RouterNotFound"}}\n',
  ],
  ["a bucket that is not there", "error: could not list bucket: blob (code=InvalidArgument): NoSuchBucket\n"],
])("does not take %s for it", (_case, output) => {
  expect(wasGoneMeanwhile(output)).toBe(false);
});
