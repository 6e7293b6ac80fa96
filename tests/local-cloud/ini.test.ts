import { describe, expect, it } from "vitest";
import { ini } from "../../local-cloud/config/ini.ts";

describe("ini", () => {
  it("writes sections in their order, with their settings", () => {
    expect(ini({ DEFAULT: { debug: false, workers: 2 }, database: { connection: "mysql://a:b@c/d?e=f" } })).toBe(
      "[DEFAULT]\ndebug = false\nworkers = 2\n\n[database]\nconnection = mysql://a:b@c/d?e=f\n",
    );
  });

  it("leaves out what is undefined and keeps what is empty", () => {
    expect(ini({ agent: { root_helper: "", comment: undefined } })).toBe("[agent]\nroot_helper =\n");
  });

  it.each(["one\ntwo", "one\rtwo"])("refuses a line break, which would begin a setting of its own: %j", (value) => {
    expect(() => ini({ DEFAULT: { name: value } })).toThrow('setting "name" holds a line break');
  });
});
