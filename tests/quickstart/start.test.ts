import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Preview } from "../../quickstart/preview.ts";
import { applyStack } from "../../quickstart/start.ts";

const WHERE = 'cloud "local" of clouds.yaml: http://127.0.0.1:5000/v3, project "admin", user "admin"';
const instances = {
  web1: {
    ...{ instanceId: "vm-1", fixedIp: "172.16.1.10", floatingIp: "10.5.117.101", url: "http://10.5.117.101/" },
    ...{ sshCommand: "ssh ubuntu@10.5.117.101", consoleCommand: "openstack console log show vm-1" },
    consoleUrlCommand: "npx classroom console-url vm-1",
  },
};

let lines: string[];
beforeEach(() => {
  lines = [];
  vi.useFakeTimers();
  vi.stubGlobal("process", { ...process, stdout: { isTTY: false } });
  vi.spyOn(console, "log").mockImplementation((line: string) => {
    lines.push(line);
  });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

function stackWith(preview: Partial<Preview>) {
  return {
    preview: () => Promise.resolve({ changes: {}, losses: [], errors: [], notes: [WHERE], ...preview }),
    up: vi.fn(() => Promise.resolve()),
    outputs: <T>(schema: { parse: (value: unknown) => T }) => Promise.resolve(schema.parse({ instances })),
  };
}

describe("applying the dev stack", () => {
  it("says where and as whom, and leaves alone what is as it should be", async () => {
    const stack = stackWith({ changes: { same: 12, refresh: 3 } });
    expect(await applyStack(stack)).toEqual(instances);
    expect(lines).toEqual([
      "> compare with the cloud",
      "  done in 0 s",
      WHERE,
      "nothing to change: 12 resources are as they should be",
    ]);
    expect(stack.up).not.toHaveBeenCalled();
  });

  it("says what there is to do, and does it", async () => {
    const stack = stackWith({ changes: { same: 3, create: 12, update: 1 } });
    await applyStack(stack);
    expect(lines.slice(2)).toEqual([WHERE, "to do: create 12, update 1"]);
    expect(stack.up).toHaveBeenCalledOnce();
  });

  it("refuses to lose anything, and says how to agree to it", async () => {
    const stack = stackWith({ changes: { replace: 1, delete: 1 }, losses: ["web1", "volume1"] });
    await expect(applyStack(stack)).rejects.toThrow(
      /^the stack dev would delete or rebuild web1, volume1\. npm start never does; .*\n {2}eval .*\n {2}pulumi up --stack dev$/,
    );
    expect(stack.up).not.toHaveBeenCalled();
  });

  it("passes on what the program says is wrong", async () => {
    const stack = { ...stackWith({}), preview: () => Promise.reject(new Error("no such image")) };
    await expect(applyStack(stack)).rejects.toThrow("no such image");
    expect(lines).toEqual(["> compare with the cloud", "x compare with the cloud failed after 0 s"]);
  });
});
