import { describe, expect, it } from "vitest";
import { plainErrors } from "../../cli/open-class/plainErrors.ts";

const QUOTA =
  'sdk-v2/provider2.go:571: sdk.helper_schema: Error creating OpenStack server: Request forbidden: [POST http://cloud:8774/v2.1/servers], error message: {"forbidden": {"code": 403, "message": "Quota exceeded for instances: Requested 1, but already used 0 of 0 instances"}}: provider="openstack@3.15.2"';
const PLAIN_QUOTA =
  "Error creating OpenStack server: Quota exceeded for instances: Requested 1, but already used 0 of 0 instances";

describe("the engine's errors for people", () => {
  it.each([
    ["the message of Nova alone", [QUOTA], [PLAIN_QUOTA]],
    ["each once", [QUOTA, `error: 1 error occurred:\n\t* ${QUOTA}`, "update failed"], [PLAIN_QUOTA]],
    [
      "the message of Neutron alone",
      [
        'Error creating openstack_networking_network_v2: Expected HTTP response code [201 202] when accessing [POST http://cloud:9696/v2.0/networks], but got 409 instead: x: [POST http://cloud], error message: {"NeutronError": {"type": "OverQuota", "message": "Quota exceeded for resources: [\'network\'].", "detail": ""}}',
      ],
      [
        "Error creating openstack_networking_network_v2: Expected HTTP response code [201 202] when accessing [POST http://cloud:9696/v2.0/networks], but got 409 instead: Quota exceeded for resources: ['network'].",
      ],
    ],
    [
      "what is no answer as it is",
      ["Error waiting: timeout: [GET http://cloud]"],
      ["Error waiting: timeout: [GET http://cloud]"],
    ],
    [
      "a broken answer as it is",
      ['a: b: [GET http://c], error message: {"x": {}}'],
      ['a: b: [GET http://c], error message: {"x": {}}'],
    ],
    [
      "the cause, without what the program made of it and where",
      [
        QUOTA,
        'Unhandled exception: Error: error serializing property "portId": resource c-kim-subnet [openstack:networking/subnet:Subnet] failed to register\n    at run (/project/node_modules/@pulumi/pulumi/resource.js:526:32)\n    at node:internal/process/task_queues:104:5',
      ],
      [PLAIN_QUOTA],
    ],
    [
      "a program's own mistake",
      ["Unhandled exception: TypeError: x is not a function\n    at run (/a/b.ts:5:3)"],
      ["TypeError: x is not a function"],
    ],
    ["at least something", ["update failed"], ["update failed"]],
  ])("are %s", (_what, errors, expected) => {
    expect(plainErrors(errors)).toEqual(expected);
  });
});
