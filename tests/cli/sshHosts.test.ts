import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { type SshHost, sshArguments, sshHosts, sshOptions } from "../../cli/instances/sshHosts.ts";
import { sshConfigText } from "../../cli/instances/sshConfigText.ts";
import type { StudentInstance } from "../../cli/instances/studentInstances.ts";

const instance = (student: string, name: string, change: Partial<StudentInstance> = {}): StudentInstance => ({
  ...{ student, name, urn: "", instanceId: `${student}-${name}`, loginUser: "debian", fixedIp: "192.168.1.5" },
  ...{ floatingIp: "172.24.4.11", url: undefined },
  ...change,
});
const hosts = (...instances: StudentInstance[]) =>
  sshHosts("net101", instances, (id) => ({ name: id.toUpperCase(), keyFile: `/keys/${id}` }));
const around = { knownHostsFile: "/c/.classroom/known_hosts", reachCommand: "" };
const host: SshHost = {
  ...{ student: "kim", studentName: "Kim", instance: "web1", instanceId: "1", aliases: ["net101-kim"] },
  ...{ address: "172.24.4.11", user: "debian", keyFile: "/keys/kim", hostKeyAlias: "net101.kim.web1" },
};

const folder = mkdtempSync(join(tmpdir(), "classroom-ssh-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
/** What OpenSSH itself makes of a file for one host, in its own words: lower-case keys. */
function resolved(text: string, name: string): Map<string, string> {
  const file = join(folder, "config");
  writeFileSync(file, text, { mode: 0o600 });
  const lines = execFileSync("ssh", ["-G", "-F", file, name]).toString().trim().split("\n");
  return new Map(lines.map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]));
}

describe("sshHosts", () => {
  const names = (...instances: StudentInstance[]) => hosts(...instances).map(({ aliases }) => aliases.join(" "));

  it.each([
    ["the student's name alone", [instance("kim", "web1")], ["net101-kim"]],
    [
      "the instance's too where there are several",
      [instance("kim", "db"), instance("kim", "web1")],
      ["net101-kim net101-kim-db", "net101-kim-web1"],
    ],
    [
      "only those that can be reached",
      [
        instance("kim", "db", { floatingIp: undefined }),
        instance("kim", "lb", { loginUser: undefined }),
        instance("kim", "web1"),
      ],
      ["net101-kim"],
    ],
    [
      "nobody else's name",
      [instance("kim", "a"), instance("kim", "web1"), instance("kim-web1", "web1")],
      ["net101-kim net101-kim-a", "net101-kim.web1", "net101-kim-web1"],
    ],
    [
      "nobody else's name, whoever comes first",
      [instance("kim-web1", "web1"), instance("kim", "a"), instance("kim", "web1")],
      ["net101-kim-web1", "net101-kim net101-kim-a", "net101-kim.web1"],
    ],
    [
      "no name twice",
      [...[instance("kim", "b-c"), instance("kim", "x"), instance("kim-b", "c"), instance("kim-b", "y")]],
      ["net101-kim net101-kim-b-c", "net101-kim-x", "net101-kim-b net101-kim-b.c", "net101-kim-b-y"],
    ],
  ])("gives %s", (_case, instances, expected) => {
    expect(names(...instances)).toEqual(expected);
  });

  it("gives every name once, whatever ids and names there are", () => {
    const word = fc.stringMatching(/^[a-b]([a-b-]{0,3}[a-b])?$/);
    fc.assert(
      fc.property(fc.uniqueArray(fc.tuple(word, word), { selector: String, maxLength: 12 }), (pairs) => {
        const all = hosts(...pairs.map(([student, name]) => instance(student, name)));
        const aliases = all.flatMap((each) => each.aliases);
        expect(new Set(aliases).size).toBe(aliases.length);
        expect(new Set(all.map(({ hostKeyAlias }) => hostKeyAlias)).size).toBe(all.length);
      }),
    );
  });
});

describe("sshConfigText", () => {
  it("is what OpenSSH understands", () => {
    const nasty = { ...host, keyFile: "/a b/100%/~x/k'im", studentName: "Kim" };
    const options = resolved(
      sshConfigText("net101", [nasty], { ...around, knownHostsFile: "/a b/%h/known" }),
      "net101-kim",
    );
    const read = (key: string) => options.get(key);
    expect(
      Object.fromEntries(["hostname", "user", "stricthostkeychecking", "hostkeyalias"].map((key) => [key, read(key)])),
    ).toEqual({
      ...{ hostname: "172.24.4.11", user: "debian", stricthostkeychecking: "true", hostkeyalias: "net101.kim.web1" },
    });
    expect(read("identityfile")?.replaceAll("%%", "%")).toBe("/a b/100%/~x/k'im");
    expect(read("userknownhostsfile")?.replaceAll("%%", "%")).toBe("/a b/%h/known");
    expect([
      read("globalknownhostsfile"),
      read("forwardagent"),
      read("identitiesonly"),
      read("updatehostkeys"),
    ]).toEqual([...["/dev/null", "no", "yes", "false"]]);
  });

  it.each(["Kim\nHost *\n  ProxyCommand evil", "Kim\r\nHost *", "Kim\u2028Host *", "Kim\u0085Host *", "# \u0000Kim"])(
    "keeps the name %j in its comment",
    (studentName) => {
      const text = sshConfigText("net101", [{ ...host, studentName }], around);
      expect(
        text.split(/[\n\r\u0085\u2028\u2029]/).filter((line) => !line.startsWith("#") && /evil|Host \*/.test(line)),
      ).toEqual([]);
      expect(resolved(text, "net101-lee").get("proxycommand")).toBeUndefined();
    },
  );

  it.each(['/a"b', "/a\nb", "/a${HOME}b"])("refuses the path %j, which OpenSSH cannot be told", (keyFile) => {
    expect(() => sshOptions({ ...host, keyFile }, around)).toThrow(/ssh_config cannot hold a path/);
  });
});

describe("sshArguments", () => {
  it("goes before what ssh's own configuration says", () => {
    const file = join(folder, "own");
    writeFileSync(
      file,
      "Host *\n  StrictHostKeyChecking no\n  ForwardAgent yes\n  UserKnownHostsFile /dev/null\n  User root\n",
    );
    const args = ["-F", file, "-G", ...sshArguments(host, around, [])];
    const lines = execFileSync("ssh", args).toString().split("\n");
    for (const line of ["stricthostkeychecking true", "forwardagent no", "user debian", "hostname 172.24.4.11"])
      expect(lines).toContain(line);
    expect(lines).toContain("userknownhostsfile /c/.classroom/known_hosts");
  });

  it("reaches a jump host's network by ssh itself", () => {
    const options = new Map(sshOptions(host, { ...around, reachCommand: "ssh -p 2222 jump.example.org" }));
    expect(options.get("ProxyCommand")).toBe("ssh -W [%h]:%p -p 2222 jump.example.org");
  });

  it("refuses a command of several lines", () => {
    expect(() => sshOptions(host, { ...around, reachCommand: "env\nLocalCommand id" })).toThrow(/one line/);
  });
});

describe("the way through another command", () => {
  let server: Server;
  afterEach(() => {
    server.close();
  });
  /** The very command that OpenSSH would run, by way of `env`, to a server of ours. */
  async function through(serve: Parameters<typeof createServer>[1]) {
    server = createServer({ allowHalfOpen: true }, serve);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    const port = typeof address === "object" ? String(address?.port) : "";
    const command = new Map(sshOptions(host, { ...around, reachCommand: "env A=1%" })).get("ProxyCommand") ?? "";
    const script = command.replaceAll(/%[hp%]/g, (token) => ({ "%h": "127.0.0.1", "%p": port })[token] ?? "%");
    const child = spawn("sh", ["-c", `exec ${script}`], { stdio: ["pipe", "pipe", "inherit"] });
    const ended = new Promise((resolve) => child.on("close", resolve));
    return { child, ended };
  }

  it("carries every byte in both directions", async () => {
    const { child, ended } = await through((socket) => socket.pipe(socket));
    const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256));
    const back: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => back.push(chunk));
    child.stdin.write(bytes);
    await expect.poll(() => Buffer.concat(back).length, { timeout: 10_000 }).toBe(bytes.length);
    expect(Buffer.concat(back).equals(bytes)).toBe(true);
    child.kill("SIGHUP");
    await ended;
  });

  it("ends when the server does, although ssh still listens", { timeout: 15_000 }, async () => {
    const { ended } = await through((socket) => socket.end("SSH-2.0-going\r\n"));
    await ended;
  });
});
