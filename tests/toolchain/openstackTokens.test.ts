import { readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { goFolder } from "../../toolchain/versions.ts";
import { requireToolchain } from "./installedToolchain.ts";
import { type NpmSdk, readNpmSdk } from "./npmOpenstackSdk.ts";
import { disagreements, providerSchema } from "./providerSchema.ts";

const mapping = z
  .object({ resources: z.record(z.string(), z.string()), dataSources: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync(join(goFolder("resource-openstack"), "mapping", "tokens.json"), "utf8")));

let sdk: NpmSdk;
beforeAll(() => {
  sdk = readNpmSdk();
});

describe("the map from Terraform names to tokens", () => {
  it("has each resource of @pulumi/openstack once", () => {
    expect(sdk.resources.size).toBe(105);
    expect(Object.values(mapping.resources).sort()).toEqual([...sdk.resources.keys()].sort());
  });
  it("has each data source of @pulumi/openstack once", () => {
    expect(sdk.dataSources.size).toBe(53);
    expect(Object.values(mapping.dataSources).sort()).toEqual([...sdk.dataSources.keys()].sort());
  });
});

describe("reading the npm SDK", () => {
  it("finds fields, whether they are required, and nested objects", () => {
    const instance = sdk.resources.get("openstack:compute/instance:Instance");
    expect(instance?.get("flavorName")).toEqual({ type: "string", required: false });
    expect(instance?.get("networks")).toEqual({ type: "list object compute.InstanceNetwork", required: false });
    expect(sdk.objects.get("compute.InstanceNetwork")?.get("fixedIpV4")).toEqual({ type: "string", required: false });
    expect(sdk.resources.get("openstack:compute/flavor:Flavor")?.get("ram")).toEqual({
      type: "number",
      required: true,
    });
    expect(sdk.dataSources.get("openstack:networking/getNetwork:getNetwork")?.get("tags")?.type).toBe("list string");
  });
});

describe("the installed OpenStack plugin", () => {
  it("takes every token, input field and type that the npm SDK may send, and has every output", async (context) => {
    const { record, env } = requireToolchain(context);
    const plugin = record.pieces.find(({ name }) => name === "pulumi-resource-openstack");
    const { stdout } = await execa("pulumi", ["package", "get-schema", plugin?.file ?? ""], { env });
    const schema = providerSchema.parse(JSON.parse(stdout));
    expect(disagreements(sdk, schema)).toEqual([]);
  });
  it("would not pass with a missing token, field or type", () => {
    const empty = { inputProperties: {}, requiredInputs: [], properties: {} };
    const found = disagreements(sdk, { resources: {}, functions: {}, provider: empty, types: {} });
    expect(found).toContain("openstack:compute/instance:Instance: unknown to the provider");
    expect(found).toContain("provider.authUrl: unknown to the provider");
  });
});
