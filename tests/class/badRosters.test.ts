import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { z } from "zod";
import { type FakeOpenStack, fakeOpenStack, OFFERS } from "../support/fakeOpenStack.ts";
import { CLOUD, ClassFolder } from "./classFolder.ts";

/** A teacher's file, what is wrong with it, and what the command says of it. */
const BAD: { what: string; bytes: string | Buffer; says: RegExp }[] = [
  { what: "nothing", bytes: "", says: /roster/ },
  { what: "only a header", bytes: "id,name\n", says: /header only/ },
  { what: "an Excel workbook", bytes: Buffer.from("PK\x03\x04\x14\0", "latin1"), says: /Excel workbook/ },
  { what: "NUL bytes", bytes: "id,name\nk\0im,Kim\n", says: /NUL/ },
  { what: "an id twice", bytes: "id,name\nkim,Kim\nkim,Lee\n", says: /:3: .*kim/ },
  { what: "an id twice once blanks and case are gone", bytes: "id,name\nkim,Kim\n KIM ,Lee\n", says: /:3: .*KIM/i },
  { what: "a Cyrillic letter", bytes: "id,name\np\u0430rk,Park\n", says: /:2: .*U\+0430/ },
  { what: "an invisible character", bytes: "id,name\nki\u200bm,Kim\n", says: /:2: .*U\+200B/ },
  { what: "a path", bytes: "id,name\n../../etc/passwd,Kim\n", says: /:2: / },
  { what: "a device of Windows", bytes: "id,name\ncon,Kim\n", says: /:2: .*Windows/ },
  { what: "a command", bytes: "id,name\n$(touch /tmp/pwned),Kim\n", says: /:2: / },
  { what: "an option", bytes: "id,name\n--yes,Kim\n", says: /:2: / },
  { what: "text that turns around", bytes: "id,name\nkim,\u202emiK\n", says: /:2: .*U\+202E/ },
  {
    what: "a private key in place of a public one",
    bytes: 'id,name,ssh_public_key\nkim,Kim,"-----BEGIN OPENSSH PRIVATE KEY-----\nCANARY5d41402abc4b2a76\n"\n',
    says: /private key/i,
  },
  {
    what: "5,000 students",
    bytes: ["id", ...Array.from({ length: 5000 }, (_, index) => `s${index}`), ""].join("\n"),
    says: /:1002: .*1000 students/,
  },
];

const errorObject = z.object({ error: z.object({ message: z.string() }) });

describe("a roster that cannot be right", () => {
  const folder = new ClassFolder("ctbad");
  let cloud: FakeOpenStack;
  beforeAll(async () => {
    cloud = await fakeOpenStack(OFFERS);
    const auth = {
      ...{ auth_url: cloud.authUrl, username: "teacher", password: "right", project_name: "class" },
      ...{ user_domain_name: "Default", project_domain_name: "Default" },
    };
    const clouds = join(folder.folder, "clouds.yaml");
    writeFileSync(clouds, stringify({ clouds: { [CLOUD]: { auth } } }));
    folder.variables = { OS_CLIENT_CONFIG_FILE: clouds };
  });
  afterAll(async () => {
    await cloud.close();
    folder.remove();
  });

  it.each(BAD)("is refused before the cloud is asked anything: $what", async ({ bytes, says }) => {
    cloud.requests.length = 0;
    writeFileSync(join(folder.folder, "roster.csv"), bytes);
    const { exitCode, stdout, stderr } = await folder.run("up", "--yes", "--json");
    expect(stderr).toMatch(says);
    expect({ exitCode, requests: cloud.requests }).toEqual({ exitCode: 2, requests: [] });
    expect(errorObject.parse(JSON.parse(stdout)).error.message).toMatch(says);
    expect(stdout + stderr).not.toContain("CANARY");
  });

  it("is told from a good one, with which the cloud is asked", async () => {
    folder.writeRoster("kim,Kim");
    const { exitCode } = await folder.run("up", "--yes", "--json");
    expect(cloud.requests.length).toBeGreaterThan(0);
    // That cloud has hardly anything, so nothing can come of it.
    expect(exitCode).not.toBe(0);
  });
});
