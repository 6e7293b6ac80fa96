import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { labJsonSchema } from "../../lab/labSchema.ts";
import { labFile, readyLabs } from "../../labs/readLab.ts";
import { LAB } from "./aLab.ts";

const root = new URL("../../", import.meta.url);
const committed: unknown = JSON.parse(readFileSync(new URL("labs/lab.schema.json", root), "utf8"));
const ajv = new Ajv2020({
  allErrors: true,
  strictTypes: false,
  formats: { uri: (text: string) => URL.canParse(text) },
});
const validate = ajv.compile(labJsonSchema());

/** What an editor would underline. */
const underlined = (text: string) => {
  validate(parse(text));
  return (validate.errors ?? []).map(({ instancePath, keyword }) => `${instancePath} ${keyword}`);
};

describe("the JSON Schema of lab documents", () => {
  it("is the one in labs/lab.schema.json", () => {
    expect(
      labJsonSchema(),
      "renew it: npm run --silent classroom lab schema > labs/lab.schema.json && npx prettier --write labs/lab.schema.json",
    ).toEqual(committed);
  });

  it.each(readyLabs())("takes the lab %s, which names it for editors", (name) => {
    const text = readFileSync(labFile(name), "utf8");
    expect(text.split("\n")[0]).toBe("# yaml-language-server: $schema=../lab.schema.json");
    expect(underlined(text)).toEqual([]);
  });

  it("underlines what is wrong, in steps too", () => {
    expect(underlined(LAB)).toEqual([]);
    expect(underlined(LAB.replace("web: apache", "web: nginx"))).toEqual(["/student/instances/web1/web enum"]);
    expect(underlined(LAB.replace("floatingIp: public", "floatingip: public"))).toEqual([
      "/student/instances/web1 additionalProperties",
    ]);
    expect(underlined(LAB.replace("web2: { image", "web2: { imagee"))).toContain(
      "/steps/0/student/instances/web2 additionalProperties",
    );
  });

  it("helps with every key: what it means and what it is by default, and with the rules by their names", () => {
    const schema: unknown = committed;
    expect(schema).toMatchObject({
      properties: {
        student: {
          properties: {
            networks: {
              additionalProperties: {
                properties: {
                  dhcp: { default: true, description: "Whether instances get their address by DHCP. Default: true" },
                },
              },
            },
            securityGroups: {
              additionalProperties: {
                items: {
                  anyOf: [
                    { enum: ["ping", "all-icmp", "ssh", "http", "https", "all-tcp", "all-udp", "tcp", "udp"] },
                    {},
                  ],
                },
              },
            },
          },
        },
      },
    });
    expect(undescribed(schema, "")).toEqual([]);
  });
});

/** Keys without a description. */
function undescribed(schema: unknown, path: string): string[] {
  if (typeof schema !== "object" || schema === null) return [];
  return Object.entries(schema).flatMap(([key, value]: [string, unknown]): string[] => {
    if (key !== "properties" || typeof value !== "object" || value === null)
      return undescribed(value, `${path}/${key}`);
    return Object.entries(value).flatMap(([name, inner]: [string, unknown]) => [
      ...(typeof inner === "object" && inner !== null && "description" in inner ? [] : [`${path}/${name}`]),
      ...undescribed(inner, `${path}/${name}`),
    ]);
  });
}
