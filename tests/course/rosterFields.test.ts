import { describe, expect, it } from "vitest";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import { rsaPublicKey } from "../support/rsaPublicKey.ts";
import { reasonOf, students, told, warnings } from "./rosterText.ts";

describe("ids", () => {
  it.each([
    ["kim", "kim", '"kim" is in line 2 already; each student has an id of their own'],
    ["kim", " kim\u00a0", '"kim" is in line 2 already; each student has an id of their own'],
    [
      "kim",
      "KIM",
      '"KIM" is the same as "kim" in line 2, but for capitals or how Unicode writes it; each student has an id of their own',
    ],
    [
      "josé",
      "jose\u0301",
      '"jose\u0301" is the same as "josé" in line 2, but for capitals or how Unicode writes it; each student has an id of their own',
    ],
    [
      "kim",
      "ｋｉｍ",
      '"ｋｉｍ" is the same as "kim" in line 2, but for capitals or how Unicode writes it; each student has an id of their own',
    ],
  ])("%j and %j are one", (first, second, reason) => {
    expect(told(`id\n${first}\n${second}\n`)).toContain(`3 id: ${reason}`);
  });

  it.each([
    [
      "Kim Minji",
      '"Kim Minji" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end, e.g. "kim-minji"',
    ],
    ["20261234", 'with a letter first and no dash at the end, e.g. "s20261234"'],
    [
      "k\u0456m",
      '"k\u0456m" has the letter "\u0456" (U+0456) in it; an id is made of the letters a to z, digits and dashes',
    ],
    ["\u0430dam", 'has the letter "\u0430" (U+0430) in it'],
    ["ki\u200bm", '"ki\\u{200b}m" has the character U+200B in it'],
    ["\u202emik", '"\\u{202e}mik" has the character U+202E in it'],
    ["k\u001b[2Jm", '"k\\u{1b}[2Jm" has the character U+001B in it'],
    ['"a\nb"', '"a\\nb" has a line break in it'],
    ["김민지", 'has the letter "김" (U+AE40) in it'],
    ["../../etc/passwd", '"../../etc/passwd" cannot'],
    ["a/b", '"a/b" cannot'],
    ["C:\\x", '"C:\\x" cannot'],
    [".", '"." cannot'],
    ["..", '".." cannot'],
    ["CON", '"CON" cannot'],
    ["nul", '"nul" is a name that Windows keeps for a device; add something to it'],
    ["com1", '"com1" is a name that Windows keeps'],
    ["$(rm -rf ~)", '"$(rm -rf ~)" cannot'],
    ["`id`", '"`id`" cannot'],
    ["a;b", '"a;b" cannot'],
    ["-rf", '"-rf" cannot'],
    ["kim-", '"kim-" cannot'],
    ["=1+1", '"=1+1" cannot'],
    ["<b>", '"<b>" cannot'],
    ["x".repeat(300), `"${"x".repeat(40)}…" has 300 characters; use at most 20`],
  ])("%j is not one", (id, reason) => {
    expect(told(`id,name\n${id},x\n`)).toEqual([reasonOf(reason)]);
  });
});

describe("names", () => {
  it.each([
    "Kim \u{1f469}\u200d\u{1f469}\u200d\u{1f467}",
    "김민지",
    "x".repeat(200),
    "\u{1f600}".repeat(200),
    "=cmd|' /C calc'!A0",
    "+1",
    "@SUM(A1)",
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "{{ ds.meta_data }}: !!python/object {",
    "- runcmd: [reboot]",
    "$(reboot) `reboot`; reboot",
    "O'Brien, Kim",
  ])("%j is a label and stays as it is", (name) => {
    expect(students(`id,name\nkim,"${name.replaceAll('"', '""')}"\n`)).toEqual([{ id: "kim", name, line: 2 }]);
  });

  it("are one, however Unicode writes them", () => {
    expect(students(`id,name\nkim,${"김민지".normalize("NFD")}\n`)[0]?.name).toBe("김민지");
  });

  it.each([
    [
      '"Kim\n- runcmd: [reboot]"',
      '"Kim\\n- runcmd: [reboot]" has a line break in it, which would garble every list; leave it out',
    ],
    ["\u202eimK", '"\\u{202e}imK" has the character U+202E in it'],
    ["K\u001b[31m", "has the character U+001B in it"],
    ["x".repeat(256), "has 256 characters; use at most 255"],
    ["\u{1f600}".repeat(256), "has 256 characters; use at most 255"],
  ])("%j is not one", (name, reason) => {
    expect(told(`id,name\nkim,${name}\n`)).toEqual([reasonOf(reason)]);
  });
});

describe("keys", () => {
  const keyed = (key: string) => `id,ssh_public_key\nkim,"${key.replaceAll('"', '""')}"\n`;

  it.each([PUBLIC_KEY, rsaPublicKey(2048)])("%s is one", (key) => {
    expect(students(keyed(key))[0]?.sshPublicKey).toBe(key);
  });

  it.each([
    [rsaPublicKey(1024), "is an RSA key of 1024 bits"],
    [`${PUBLIC_KEY}\n${PUBLIC_KEY}`, "has more than one line"],
    [`command="reboot" ${PUBLIC_KEY}`, "has something before the key"],
    [PUBLIC_KEY.slice(0, -20), "is damaged"],
    ["AAAA", "is not a public key in OpenSSH's format"],
  ])("%s is not one", (key, reason) => {
    expect(told(keyed(key))).toEqual([reasonOf(`2 ssh_public_key: ${reason}`)]);
  });

  const secret = "c2VjcmV0LWtleS1tYXRlcmlhbA";
  it.each([
    keyed(`-----BEGIN OPENSSH PRIVATE KEY-----\n${secret}\n-----END OPENSSH PRIVATE KEY-----`),
    // Pasted without quotation marks, each line is a row of its own.
    `id\nkim\n-----BEGIN RSA PRIVATE KEY-----\n${secret}\n`,
    `id,ssh_public_key\nkim,b3BlbnNzaC1rZXktdjE${secret}\n`,
    `id,ssh_public_key\nkim,PuTTY-User-Key-File-3: ssh-rsa\n${secret}\n`,
  ])("that are private are said to be, and nothing of the file is shown: %j", (text) => {
    const problems = told(text);
    expect(problems[0]).toMatch(/^[23] : has a private key in it; .* no longer secret: make a new pair$/);
    expect(problems.join("")).not.toContain(secret.slice(0, 6));
  });

  it("that two students share are pointed out", () => {
    const text = `id,ssh_public_key\nkim,${PUBLIC_KEY}\nlee,${PUBLIC_KEY} laptop\n`;
    expect(warnings(text)).toEqual([
      {
        line: 3,
        column: "ssh_public_key",
        reason: "is the key of kim (line 2) too; each of the two can log in to the other's instances",
      },
    ]);
  });
});

describe("groups", () => {
  it("in any script are taken, and those that differ in their capitals only are pointed out", () => {
    const text = "id,group\nkim,1반\nlee,Monday\npark,monday\nchoi,monday\n";
    expect(students(text).map(({ group }) => group)).toEqual(["1반", "Monday", "monday", "monday"]);
    expect(warnings(text)[0]).toEqual({
      line: 4,
      column: "group",
      reason: '"monday" is another group than "Monday" in line 3',
    });
  });
});
