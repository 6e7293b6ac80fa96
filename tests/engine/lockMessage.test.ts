import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLockMessage } from "../../engine/lockMessage.ts";

/** What `pulumi up` 3.259 wrote to standard error while another one held the stack, in each place for state; only the stack's name is changed. */
const FILE = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///srv/my%20state/.pulumi/locks/organization/classroom/net101.kim/cd1f37d0-9f09-4d94-ab6f-67c9dd61feac.json?no_tmp_dir=true: created by root@vm (pid 27478) at 2026-11-21T10:51:22Z
`;
const S3 = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  s3://state/.pulumi/locks/organization/classroom/net101.kim/3d50f39a-864d-4556-8c18-fc9228435bbe.json?disable_https=true&endpoint=http%3A%2F%2F127.0.0.1%3A8080&region=RegionOne&request_checksum_calculation=when_required&s3ForcePathStyle=true: created by root@vm (pid 24652) at 2026-11-21T10:49:46Z
`;
const POSTGRES = `error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  postgres://****:****@127.0.0.1:55432/state/.pulumi/locks/organization/classroom/net101.kim/f54888d0-2d49-4dce-b75f-69182256369f.json?sslmode=disable: created by root@vm (pid 26993) at 2026-11-21T10:51:07Z
`;
const TWO = `error: the stack is currently locked by 2 lock(s). Either wait for the other process(es) to end or delete the lock file with \`pulumi cancel\`.
  file:///srv/state/.pulumi/locks/organization/classroom/net101.kim/aaaa.json?no_tmp_dir=true: created by lee@lab-server.example.edu (pid 4711) at 2026-11-21T19:47:12+09:00
  file:///srv/state/.pulumi/locks/organization/classroom/net101.kim/bbbb.json?no_tmp_dir=true: created by UNIV\\park@univ@desk (pid 52) at 2026-11-21T10:47:12Z
`;
const AT_WORK = `Updating (net101.kim):

    pulumi:pulumi:Stack classroom-net101.kim running
Resources:
    3 unchanged
`;

describe("readLockMessage", () => {
  it.each([
    ["a folder", FILE, { owner: "root", host: "vm", pid: 27478, since: "2026-11-21T10:51:22Z" }],
    ["S3", S3, { owner: "root", host: "vm", pid: 24652, since: "2026-11-21T10:49:46Z" }],
    ["Postgres", POSTGRES, { owner: "root", host: "vm", pid: 26993, since: "2026-11-21T10:51:07Z" }],
  ])("reads who holds a stack in %s", (_place, output, lock) => {
    expect(readLockMessage(output)).toEqual([lock]);
  });

  it("reads every holder: other time zones, accounts of a Windows domain and with an @", () => {
    expect(readLockMessage(TWO)).toEqual([
      { owner: "lee", host: "lab-server.example.edu", pid: 4711, since: "2026-11-21T19:47:12+09:00" },
      { owner: "UNIV\\park@univ", host: "desk", pid: 52, since: "2026-11-21T10:47:12Z" },
    ]);
  });

  it("finds the message among other output, in colour and with Windows' line ends", () => {
    const coloured = TWO.replace("error:", "\u001b[38;5;9merror: \u001b[0m");
    expect(readLockMessage(`${AT_WORK}\n${coloured}`)).toHaveLength(2);
    expect(readLockMessage(`${TWO.replaceAll("\n", "\r\n")}${AT_WORK}`)).toHaveLength(2);
  });

  it.each([
    ["nothing", ""],
    ["an update that worked", AT_WORK],
    ["a damaged lock file", "error: unexpected end of JSON input\n"],
    ["an update that was canceled", "The currently running update for 'net101.kim' has been canceled!\n"],
    ["a lock's line without its message", TWO.split("\n").slice(1).join("\n")],
  ])("reads no lock from %s", (_case, output) => {
    expect(readLockMessage(output)).toBeUndefined();
  });

  it("tells no part of the holders: whoever is left out may be at work", () => {
    const [message = "", first = "", second = ""] = TWO.split("\n");
    for (const lines of [[message], [message, first], [message, second, "  s3://x: created by"]])
      expect(readLockMessage(lines.join("\n"))).toBeUndefined();
  });

  it("reads back whatever account, machine and process there may be", () => {
    const owner = fc.stringMatching(/^[\w.@\\:()-]([\w.@\\:() -]{0,20}[\w.@\\:()-])?$/);
    const host = fc.stringMatching(/^[A-Za-z0-9._-]{1,63}$/);
    const lock = fc.record({ owner, host, pid: fc.nat(), since: fc.constant("2026-11-21T10:51:22Z") });
    fc.assert(
      fc.property(fc.array(lock, { minLength: 1, maxLength: 5 }), (locks) => {
        const lines = locks.map(
          (each) => `\n  s3://b/l.json: created by ${each.owner}@${each.host} (pid ${each.pid}) at ${each.since}`,
        );
        const [message = ""] = FILE.split("\n");
        expect(readLockMessage(message.replace("1 lock", `${locks.length} lock`) + lines.join(""))).toEqual(locks);
      }),
    );
  });
});
