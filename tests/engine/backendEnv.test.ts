import { expect, it } from "vitest";
import { backendEnv } from "../../engine/backendEnv.ts";

it.each([
  ["file:///srv/state", {}],
  ["https://api.pulumi.com", {}],
  ["s3://state/net101?region=RegionOne", { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_required" }],
  ["postgres://classroom@db.example.edu/state", { PULUMI_DIY_BACKEND_PARALLEL: "1" }],
])("sets what %s needs", (url, wanted) => {
  expect(backendEnv(url, {})).toEqual(wanted);
});

it("leaves to the environment what it says itself", () => {
  expect(backendEnv("postgres://db/state", { PULUMI_DIY_BACKEND_PARALLEL: "8" })).toEqual({});
  expect(backendEnv("s3://state", { AWS_RESPONSE_CHECKSUM_VALIDATION: "when_supported" })).toEqual({});
});
