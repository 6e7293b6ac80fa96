import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { MAX_ROSTER_BYTES, MOST_STUDENTS, parseRoster } from "../../course/roster.ts";
import { rosterProblemText } from "../../course/rosterProblem.ts";
import { PUBLIC_KEY } from "../support/publicKey.ts";
import { reasonOf, students, told } from "./rosterText.ts";

describe("a roster", () => {
  it("has students, the id for ever and labels", () => {
    const text = `id,name,email,ssh_public_key,group
kim,Kim Minji,kim@example.com,${PUBLIC_KEY},monday
lee,,,,
`;
    expect(parseRoster(Buffer.from(text))).toEqual({
      ok: true,
      students: [
        { id: "kim", name: "Kim Minji", email: "kim@example.com", sshPublicKey: PUBLIC_KEY, group: "monday", line: 2 },
        { id: "lee", name: "lee", line: 3 },
      ],
      warnings: [],
    });
  });

  it.each([
    ["columns in any order, as people call them", "E-Mail,SSH public key,ID\nkim@example.com,,kim\n"],
    ["Windows line ends", "id,email\r\nkim,kim@example.com\r\n"],
    ["line ends of an old Macintosh", "id,email\rkim,kim@example.com\r"],
    ["a byte order mark", "\ufeffid,email\nkim,kim@example.com\n"],
    ["no line end at the end", "id,email\nkim,kim@example.com"],
    ["semicolons", "id;email\nkim;kim@example.com\n"],
    ["tabs", "id\temail\nkim\tkim@example.com\n"],
    ["blanks around fields", ' id , email\n\t kim , "kim@example.com" \n'],
    ["blank lines, and those that spreadsheets leave behind", "\n \nid,email,,\n\n,,,\nkim,kim@example.com,,\n,,,\n"],
  ])("may have %s", (_what, text) => {
    expect(students(text)).toMatchObject([{ id: "kim", name: "kim", email: "kim@example.com" }]);
  });

  it("counts lines as an editor does", () => {
    const text = 'id,name\r\n\r\nkim,"Kim\r\n"\r\n,\r\nlee,Lee\r\nPark,Park\r\n';
    expect(told(text)).toEqual([reasonOf('7 id: "Park" cannot be part of a host name')]);
    expect(students(text.replace("Park", "park")).map(({ id, line }) => [id, line])).toEqual([
      ["kim", 3],
      ["lee", 6],
      ["park", 7],
    ]);
  });

  it.each(["", "\ufeff", "\n\n", " , ,\n"])("that is empty is refused: %j", (text) => {
    expect(told(text)).toEqual([
      "1 : is empty; a roster begins with the names of its columns: id,name,email,ssh_public_key,group",
    ]);
  });

  it.each([
    ["id,name\n", "1 : has a header only; write a line for each student below it"],
    [
      "kim,Kim Minji\nlee,Lee\n",
      "1 : names no column of a roster; the first line must, e.g. id,name,email,ssh_public_key,group",
    ],
    [
      "name\nkim\n",
      '1 : has no column "id"; the first line names the columns, e.g. id,name,email,ssh_public_key,group',
    ],
    [
      "id,nmae\nkim,x\n",
      '1 : "nmae" is not a column of a roster; did you mean "name"? (there are id, name, email, ssh_public_key, group)',
    ],
    ["id,name,Id\nkim,x,y\n", "1 : has the column id twice, as field 1 and 3; keep one"],
    [
      "id,\nkim,\nlee,x\n",
      "1 : field 2 has no name here, but there is something in it further down (there are id, name, email, ssh_public_key, group)",
    ],
    [
      "id,name,group\nkim,x\n",
      "2 : has 2 fields where the header has 3, separated by a comma; write the separator for an empty field too",
    ],
    [
      "id;name\nkim;Kim; Minji\n",
      '2 : has 3 fields where the header has 2, separated by ";"; put a field that has the separator in it in quotation marks',
    ],
    [
      'id,name\nlee,x\nkim,Kim "Minji"\n',
      '3 : has a quotation mark (") in the middle of a field; write a quotation mark inside of a field as "", and the field itself in quotation marks: "Kim ""Minji"" Lee"',
    ],
    [
      'id,name\nlee,x\nkim,"Kim\npark,y\n',
      '3 : from here on, a quotation mark (") is opened and never closed; close it, or write a quotation mark inside of a field as "", and the field itself in quotation marks',
    ],
    [
      "id,email\nkim,kim at example\n",
      '2 email: "kim at example" is not an e-mail address; write one like kim@example.com, or leave it empty',
    ],
    [
      "id,group\nkim,a|b\n",
      '2 group: "a|b" cannot be a group; begin with a letter or digit and use at most 40 letters, digits, spaces, dots, dashes and underscores',
    ],
    [
      "id,group\nkim,lee\nlee,b\n",
      '2 group: "lee" is also the id of a student (line 3), and --students takes both; call the group otherwise',
    ],
  ])("is refused with what is wrong: %j", (text, problem) => {
    expect(told(text)).toEqual([problem]);
  });

  it("is told everything that is wrong at once, in the order of its lines", () => {
    expect(told("id,name,grade\nKim,x,\nkim,y,\nlee\n20261234,z,1\n,a,\n")).toEqual([
      reasonOf('1 : "grade" is not a column'),
      reasonOf('2 id: "Kim" cannot be part of a host name'),
      reasonOf('3 id: "kim" is the same as "Kim" in line 2, but for capitals'),
      reasonOf("4 : has 1 field where the header has 3"),
      reasonOf('5 id: "20261234" cannot'),
      "6 id: is empty; every student needs an id, which stays the same for ever",
    ]);
  });

  it("tells a screenful", () => {
    const problems = Array.from({ length: 100 }, (_, index) => ({ line: index + 1, reason: "x" }));
    const lines = rosterProblemText("roster.csv", problems).split("\n");
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([31, "roster.csv:1 x", "… and 70 more"]);
  });
});

describe("size", () => {
  const rows = (count: number) =>
    `id,name\n${Array.from({ length: count }, (_, index) => `s${index},${"x".repeat(200)}\n`).join("")}`;

  it("of the largest class is read", () => {
    expect(students(rows(MOST_STUDENTS))).toHaveLength(MOST_STUDENTS);
  });

  it("beyond is refused", () => {
    expect(told(rows(5000))).toEqual([
      "1002 : is one more than the 1000 students that a course can have; make several courses of it",
    ]);
    expect(parseRoster(new Uint8Array(MAX_ROSTER_BYTES + 1))).toEqual({
      ok: false,
      problems: [{ line: 1, reason: "has 2048001 bytes; a roster has at most 2048000, so this is another file" }],
    });
  });

  it.each([
    ["lines", `id\n${",\n".repeat(900_000)}`, "20001 : a roster has at most 20000 lines"],
    [
      "fields",
      `id${",".repeat(2_000_000)}\nkim\n`,
      "1 : has 2000002 characters, and no line of a roster needs more than 16384",
    ],
  ])("in %s is seen before the file is taken apart", (_what, text, problem) => {
    expect(told(text)).toEqual([reasonOf(problem)]);
  });

  it("takes little memory: less than 200 MB for 5,000 rows", () => {
    const script = `
      import { parseRoster } from "./course/roster.ts";
      const rows = Array.from({ length: 5000 }, (_, index) => "s" + index + ",Kim\\n");
      console.log(parseRoster(Buffer.from("id,name\\n" + rows.join(""))).ok, process.resourceUsage().maxRSS / 1024);`;
    const node = ["--input-type=module-typescript", "-e", script];
    const [ok, megabytes] = execFileSync(process.execPath, node, { encoding: "utf8" }).split(" ");
    expect(ok).toBe("false");
    expect(Number(megabytes)).toBeLessThan(200);
  });
});
