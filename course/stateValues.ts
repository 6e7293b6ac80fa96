import { z } from "zod";
import type { ResourceState } from "./plannedStep.ts";

/** What Pulumi writes for a value that is not known yet: https://github.com/pulumi/pulumi/blob/master/sdk/go/common/resource/plugin/rpc.go */
const UNKNOWN = new Set(["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "output<string>", "[unknown]", ""]);
const SECRET = "[secret]";

/** An input as text, when it is short, known and not secret. */
export function textOf(state: ResourceState | undefined, input: string): string | undefined {
  const value = state?.inputs[input];
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value !== SECRET && !UNKNOWN.has(value) && value.length <= 80 ? value : undefined;
}

/** The same of what the cloud said. */
export function outputOf(state: ResourceState | undefined, output: string): string | undefined {
  return state === undefined ? undefined : textOf({ inputs: state.outputs, outputs: {} }, output);
}

export function numberOf(state: ResourceState | undefined, input: string): number | undefined {
  const value = state?.inputs[input];
  return typeof value === "number" ? value : undefined;
}

const fixedIpsSchema = z.array(z.object({ ipAddress: z.string().optional() }));

/** The first fixed IP that a port is asked to have. */
export function askedFixedIp(state: ResourceState | undefined): string | undefined {
  const address = fixedIpsSchema.safeParse(state?.inputs["fixedIps"]).data?.[0]?.ipAddress;
  return address === undefined || UNKNOWN.has(address) ? undefined : address;
}

/** The first fixed IP that a port has. */
export function presentFixedIp(state: ResourceState | undefined): string | undefined {
  return z.array(z.string()).safeParse(state?.outputs["allFixedIps"]).data?.[0] ?? askedFixedIp(state);
}

const blockDevicesSchema = z.array(
  z.object({
    bootIndex: z.number().optional(),
    sourceType: z.string().optional(),
    destinationType: z.string().optional(),
    deleteOnTermination: z.boolean().optional(),
  }),
);

/** Whether an instance's disk is a volume that was there before it and stays when it is deleted. */
export function bootsFromKeptVolume(state: ResourceState | undefined): boolean {
  const devices = blockDevicesSchema.safeParse(state?.inputs["blockDevices"]).data ?? [];
  const [disk] = devices.filter(({ bootIndex }) => bootIndex === 0);
  // Nova keeps a volume that it did not make, unless it is told otherwise.
  return disk?.sourceType === "volume" && disk.destinationType === "volume" && disk.deleteOnTermination !== true;
}
