import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { parseSoloConfig, SOLO_CONFIG_KEYS } from "../../stacks/soloConfig.ts";

export const example = {
  course: "dev",
  student: { id: "kim", name: "Kim Minji" },
  providerNetwork: { physicalNetwork: "public", cidr: "172.24.4.0/24" },
  selfServiceNetworks: { private: { cidr: "10.0.7.0/24" } },
  ingress: {},
  sshKeyFile: "~/.ssh/id",
  instances: { web1: { image: "debian-12", flavor: "ds512M", network: "private", floatingIp: true } },
};

describe("the stack's configuration", () => {
  it("has defaults for what is left out", () => {
    expect(parseSoloConfig(example)).toMatchObject({
      allowWorldSsh: false,
      waitUntilReady: true,
      readinessTimeoutSeconds: 600,
      reachCommand: "",
    });
  });

  it("is declared and described in Pulumi.yaml, key for key, with the same defaults", () => {
    const declared = z
      .object({
        config: z.record(
          z.string(),
          z.object({ type: z.string(), description: z.string().min(20), default: z.unknown().optional() }),
        ),
      })
      .parse(parse(readFileSync("Pulumi.yaml", "utf8"))).config;
    expect(Object.keys(declared).sort()).toEqual([...SOLO_CONFIG_KEYS].sort());
    const parsed: Record<string, unknown> = parseSoloConfig(example);
    for (const [key, { default: fallback }] of Object.entries(declared))
      if (fallback !== undefined) expect([key, fallback]).toEqual([key, parsed[key]]);
  });

  it("accepts Pulumi.dev.yaml, the worked example", () => {
    const { config } = z
      .object({ config: z.record(z.string(), z.unknown()) })
      .parse(parse(readFileSync("Pulumi.dev.yaml", "utf8")));
    const own = Object.entries(config).filter(([key]) => key.startsWith("classroom:"));
    expect(
      parseSoloConfig(Object.fromEntries(own.map(([key, value]) => [key.replace("classroom:", ""), value]))).course,
    ).toBe("dev");
  });

  it("names every problem at once, with a suggestion", () => {
    const wrong = {
      ...example,
      course: "Dev",
      selfServiceNetworks: { private: { cidr: "172.24.4.0/25" }, other: { cidr: "10.0.7.0/24" } },
      ingress: { ssh: { protocol: "tcp", port: 22, remoteIpPrefix: "0.0.0.0/0" } },
      instances: { web1: { ...example.instances.web1, network: "privat" } },
    };
    expect(() => parseSoloConfig(wrong)).toThrow(
      [
        "The stack's configuration:",
        '  course: "Dev" cannot be part of a host name; use lower-case letters, digits and dashes, with a letter first and no dash at the end',
        "  ingress.ssh.remoteIpPrefix: 0.0.0.0/0 opens SSH to the whole world; name the network you come from, or set allowWorldSsh to true",
        "  selfServiceNetworks.private.cidr: 172.24.4.0/25 overlaps 172.24.4.0/24 of providerNetwork.cidr; a router could not tell them apart",
        '  instances.web1.network: "privat" is not a self-service network of this stack (private, other); did you mean "private"?',
      ].join("\n"),
    );
  });

  it.each([
    [{ instnaces: {} }, 'instnaces: is not a key here; did you mean "instances"?'],
    [{ course: undefined }, "course: is missing; it must be a string"],
    [
      { instances: { web1: { ...example.instances.web1, flavour: "x" } } },
      'instances.web1.flavour: is not a key here; did you mean "flavor"?',
    ],
    [
      { instances: { web1: { ...example.instances.web1, floatingIp: false, floatingIpTo: "web1" } } },
      "there is no floating IP to lend",
    ],
    [
      { instances: { web1: { ...example.instances.web1, floatingIpTo: "web1" } } },
      "the other instance has its own floating IP",
    ],
    [{ instances: { web1: { ...example.instances.web1, docker: { image: "x" } } } }, 'is used only with web: "docker"'],
    [
      { providerNetwork: { cidr: "172.24.4.0/24" } },
      "providerNetwork.physicalNetwork: is required to make a provider network",
    ],
    [
      { providerNetwork: { existing: "campus", cidr: "172.24.4.0/24" } },
      "providerNetwork.cidr: an existing network is adopted as it is",
    ],
    [
      { selfServiceNetworks: { private: { cidr: "10.0.7.0/24", gatewayIp: "10.0.8.1" } } },
      "selfServiceNetworks.private.gatewayIp: 10.0.8.1 is not a usable address",
    ],
    [{ readinessTimeoutSeconds: 0 }, "readinessTimeoutSeconds: must be 1 or more"],
  ])("refuses %j", (wrong, reason) => {
    expect(() => parseSoloConfig({ ...example, ...wrong })).toThrow(reason);
  });
});
