import { describe, expect, it } from "vitest";
import { apiOnlyNeeds, type MachineFacts, machineProblems } from "../../local-cloud/machineCheck.ts";

const GiB = 2 ** 30;
const good: MachineFacts = {
  system: { id: "debian", version: "12", title: "Debian GNU/Linux 12 (bookworm)" },
  architecture: "x64",
  isRoot: true,
  memoryBytes: 8 * GiB,
  freeDiskBytes: 20 * GiB,
  installed: false,
  takenPorts: [],
  missingPackages: undefined,
  services: [],
  missingKernelFeatures: [],
};

describe("machineProblems", () => {
  it("has nothing against a good machine", () => {
    expect(machineProblems(good)).toEqual([]);
  });

  it.each<[string, Partial<MachineFacts>, string[]]>([
    [
      "Ubuntu",
      { system: { id: "ubuntu", version: "24.04", title: "Ubuntu 24.04 LTS" } },
      ["this is Ubuntu 24.04 LTS", "Debian 12 only", "an OpenStack you have already"],
    ],
    ["a newer Debian", { system: { id: "debian", version: "13", title: "Debian 13" } }, ["this is Debian 13"]],
    ["another processor", { architecture: "arm64" }, ["arm64", "x86-64 only"]],
    ["an ordinary user", { isRoot: false }, ["sudo npm start"]],
    ["little memory", { memoryBytes: 3.9 * GiB }, ["about 6 GiB", "3.9 GiB"]],
    ["little disk", { freeDiskBytes: 5 * GiB }, ["8.0 GiB needed, 5.0 GiB free"]],
    [
      "a taken port",
      { takenPorts: [{ port: 5000, owner: "process 42 (flask run)" }] },
      ["port 5000", "process 42 (flask run)"],
    ],
    ["a bare kernel", { missingKernelFeatures: ["VXLAN tunnels"] }, ["the kernel cannot make VXLAN tunnels"]],
  ])("names %s and what to do", (_, facts, parts) => {
    const problems = machineProblems({ ...good, ...facts });
    expect(problems).toHaveLength(1);
    for (const part of parts) expect(problems[0]).toContain(part);
  });

  it("asks for less disk once the cloud is installed", () => {
    expect(machineProblems({ ...good, installed: true, freeDiskBytes: 2 * GiB })).toEqual([]);
  });

  it("accepts a machine whose 6 GiB are not quite whole, and one that cannot be probed yet", () => {
    expect(machineProblems({ ...good, memoryBytes: 5.7 * GiB, missingKernelFeatures: undefined })).toEqual([]);
  });

  it("asks for less where there are no guests, and for no root once the packages are there", () => {
    const small = { ...good, isRoot: false, memoryBytes: 2.9 * GiB, freeDiskBytes: 3 * GiB, missingPackages: [] };
    expect(machineProblems(small, apiOnlyNeeds)).toEqual([]);
    const [problem, ...others] = machineProblems({ ...small, missingPackages: ["keystone"] }, apiOnlyNeeds);
    expect(problem).toBe(
      "Debian packages are missing, which root installs: sudo npm run cloud -- packages --api-only (keystone)",
    );
    expect(others).toEqual([]);
    const withHeat = { ...small, services: ["heat"], missingPackages: ["heat-api"] };
    expect(machineProblems(withHeat, apiOnlyNeeds)[0]).toContain(" packages --api-only --with heat (heat-api)");
    expect(machineProblems({ ...small, memoryBytes: 2 * GiB }, apiOnlyNeeds)[0]).toContain("about 3 GiB");
  });

  it("names everything at once", () => {
    const all = { architecture: "arm64", isRoot: false, memoryBytes: GiB, freeDiskBytes: GiB };
    expect(machineProblems({ ...good, ...all })).toHaveLength(4);
  });
});
