import { describe, it } from "vitest";
import { aStep, INSTANCE, looked, replaced, update } from "./aStep.ts";
import { expectMeaning, type MeaningCase } from "./expectMeaning.ts";

const PORT = "openstack:networking/port:Port";
const FLOATING_IP = "openstack:networking/floatingIp:FloatingIp";
const KEY_PAIR = "openstack:compute/keypair:Keypair";
const COMMAND = "command:local:Command";

const keptVolume = {
  blockDevices: [
    { bootIndex: 0, sourceType: "volume", destinationType: "volume", deleteOnTermination: false, uuid: "v" },
  ],
};

const ownVolume = {
  blockDevices: [
    { bootIndex: 0, sourceType: "image", destinationType: "volume", deleteOnTermination: true, uuid: "i" },
  ],
};

const cases: MeaningCase[] = [
  [
    "other user data",
    replaced(INSTANCE, { changed: ["userData"] }),
    "rebuilt",
    ["instance web1 is rebuilt: its disk is lost (user data changed)"],
    "disk",
  ],
  [
    "another image, where the program says that it replaces",
    replaced(INSTANCE, { changed: ["imageId"] }),
    "rebuilt",
    ["instance web1 is rebuilt: its disk is lost (image changed)"],
    "disk",
  ],
  [
    "another image, where the provider calls it an update",
    update(INSTANCE, ["imageId"]),
    "rebuilt",
    ["instance web1 is rebuilt in place: its disk is lost (image changed)"],
    "disk",
  ],
  [
    "the image by its name",
    update(INSTANCE, ["imageName", "metadata"]),
    "rebuilt",
    ["instance web1 is rebuilt in place: its disk is lost (image changed; metadata changed)"],
    "disk",
  ],
  [
    "another flavor",
    update(INSTANCE, ["flavorId"]),
    "restarted",
    ["instance web1 gets another size: it is down for a while, its disk stays (flavor changed)"],
  ],
  [
    "a stop",
    update(INSTANCE, ["powerState"], { to: { powerState: "shutoff" } }),
    "restarted",
    ["instance web1 is stopped (power state changed)"],
  ],
  [
    "metadata",
    update(INSTANCE, ["metadata", "name", "tags"]),
    "changed",
    ["instance web1 is changed while it runs (metadata changed; name changed; tags changed)"],
  ],
  [
    "something of an instance that nobody here knows",
    update(INSTANCE, ["frobnication"]),
    "restarted",
    ["instance web1 is changed, and may be restarted (frobnication changed)"],
  ],
  [
    "another availability zone",
    replaced(INSTANCE, { changed: ["availabilityZone"] }),
    "rebuilt",
    ["instance web1 is rebuilt: its disk is lost (availability zone changed)"],
    "disk",
  ],
  [
    "an instance that boots from a volume of the lab",
    replaced(INSTANCE, { changed: ["userData"], from: keptVolume }),
    "restarted",
    ["instance web1 is made anew; its disk is a volume and stays (user data changed)"],
  ],
  [
    "an instance whose boot volume goes with it",
    replaced(INSTANCE, { changed: ["userData"], from: ownVolume }),
    "rebuilt",
    ["instance web1 is rebuilt: its disk is lost (user data changed)"],
    "disk",
  ],
  [
    "an instance that was asked for anew",
    replaced(INSTANCE),
    "rebuilt",
    ["instance web1 is rebuilt: its disk is lost (asked for)"],
    "disk",
  ],
  [
    "an instance less",
    [aStep("delete", INSTANCE), aStep("delete", PORT)],
    "reduced",
    ["instance web1 is deleted: its disk is lost"],
    "disk",
  ],
  [
    "an instance more",
    [aStep("create", INSTANCE), aStep("create", PORT), aStep("create", FLOATING_IP)],
    "added",
    ["instance web1 is made", "floating IP of web1 is made"],
  ],
  [
    "an instance that never came up",
    replaced(INSTANCE, {
      changed: ["imageId"],
      initErrors: ["error waiting for instance (x) to become ready: unexpected state 'ERROR'"],
    }),
    "mended",
    ["instance web1, which never came up, is made again (image changed)"],
  ],
  [
    "an instance whose resize failed",
    replaced(INSTANCE, {
      changed: ["userData"],
      initErrors: ["error waiting for instance (x) to resize: unexpected state 'ERROR'"],
    }),
    "rebuilt",
    ["instance web1 is rebuilt: its disk is lost (user data changed)"],
    "disk",
  ],
  [
    "an instance deleted by hand",
    [
      looked(INSTANCE, { gone: true }),
      aStep("create", INSTANCE),
      aStep("update", COMMAND, { component: "WebServerInstance", role: "ready", changed: ["environment"] }),
    ],
    "mended",
    [
      "instance web1 was deleted by hand; it is made again, with a new disk",
      "readiness of web1 is checked again (environment changed)",
    ],
  ],
  [
    "an instance renamed by hand",
    [looked(INSTANCE, { changed: ["name"] }), ...update(INSTANCE, ["name"])],
    "mended",
    ["instance web1 was changed by hand; it is set back"],
  ],
  [
    "an image changed by hand",
    [looked(INSTANCE, { changed: ["imageId"] }), ...update(INSTANCE, ["imageId"])],
    "rebuilt",
    ["instance web1 is rebuilt in place: its disk is lost (image changed by hand)"],
    "disk",
  ],
  [
    "a change by hand that the lab has no opinion on",
    [looked(INSTANCE, { changed: ["description"] }), aStep("same", INSTANCE)],
    "unchanged",
    ["instance web1 was changed by hand (description), and stays as it is"],
  ],
  [
    "a key pair",
    [
      ...replaced(KEY_PAIR, { name: "key", component: "KeyPair", changed: ["publicKey"] }),
      ...replaced(INSTANCE, { changed: ["keyPair"] }),
    ],
    "rebuilt",
    [
      "key pair key is another one; only instances made from now on know it (public key changed)",
      "instance web1 is rebuilt: its disk is lost (public key changed)",
    ],
    "disk",
  ],
];

describe("changes of instances", () => {
  it.each(cases)("knows what it means: %s", expectMeaning);
});
