import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { PlannedStep } from "../../course/plannedStep.ts";
import { classifySteps } from "../../course/studentChange.ts";
import { aStep, INSTANCE, replaced, STACK, VOLUME } from "./aStep.ts";

const PORT = "openstack:networking/port:Port";
const FLOATING_IP = "openstack:networking/floatingIp:FloatingIp";
const ATTACHMENT = "openstack:compute/volumeAttach:VolumeAttach";
const NETWORK = "openstack:networking/network:Network";
const SUBNET = "openstack:networking/subnet:Subnet";
const ROUTER = "openstack:networking/router:Router";
const GROUP = "openstack:networking/secGroup:SecGroup";
const RULE = "openstack:networking/secGroupRule:SecGroupRule";
const KEY_PAIR = "openstack:compute/keypair:Keypair";
const PROJECT = "openstack:identity/project:Project";
const USER = "openstack:identity/user:User";
const QUOTAS = "openstack:compute/quotaSetV2:QuotaSetV2";
const CONTAINER = "openstack:objectstorage/container:Container";
const OBJECT = "openstack:objectstorage/containerObject:ContainerObject";
const IMAGE = "openstack:images/image:Image";
const FLAVOR = "openstack:compute/flavor:Flavor";
const COMMAND = "command:local:Command";

describe("classifySteps", () => {
  it("knows a new stack and one that is removed", () => {
    const instance = { from: { name: "web1" } };
    expect(classifySteps([aStep("create", STACK), aStep("create", INSTANCE)]).kind).toBe("new");
    const removed = classifySteps([aStep("delete", INSTANCE, instance), aStep("delete", STACK)]);
    expect(removed).toMatchObject({ kind: "removed", losesData: true });
  });

  it("tells in the class stack what it means to students, who cannot see it yet", () => {
    const image = replaced(IMAGE, {
      name: "images",
      component: "ImageCatalog",
      from: { name: "lab" },
      changed: ["properties"],
    });
    expect(classifySteps(image)).toMatchObject({ kind: "changed", losesData: false });
    expect(classifySteps(image, { of: "class" })).toMatchObject({
      kind: "rebuilt",
      losesData: true,
      effects: [
        { text: "image lab is uploaded anew (image file changed)" },
        {
          text: "every student's instance made of image lab is rebuilt by its own stack's update: its disk is lost (image file changed)",
          loses: "disk",
        },
      ],
    });
    const flavor = replaced(FLAVOR, {
      name: "flavors",
      component: "FlavorCatalog",
      from: { name: "small" },
      changed: ["ram"],
    });
    expect(classifySteps(flavor, { of: "class" })).toMatchObject({ kind: "restarted", losesData: false });
    const outside = { name: "public", component: "ProviderNetwork", changed: ["segments"], from: { external: true } };
    expect(classifySteps(replaced(NETWORK, outside), { of: "class" })).toMatchObject({
      kind: "interrupted",
      losesData: false,
    });
    const shared = { ...outside, from: { external: false, shared: true } };
    expect(classifySteps(replaced(NETWORK, shared), { of: "class" })).toMatchObject({
      kind: "rebuilt",
      losesData: true,
    });
  });

  it("takes a prefix where the stack's name is not the one of its things", () => {
    const step = aStep("update", INSTANCE, { changed: ["flavorId"] });
    const urn = step.urn.replace("net101.kim", "dev");
    const [effect] = classifySteps([{ ...step, urn }], {
      prefix: "net101-kim",
    }).effects;
    expect(effect?.thing).toBe("instance web1");
  });
});

const HOLDS_DATA = [INSTANCE, VOLUME, CONTAINER, OBJECT, PROJECT, "openstack:foo/bar:Bar"];
const TYPES = [
  ...HOLDS_DATA,
  ...[PORT, FLOATING_IP, ATTACHMENT, NETWORK, SUBNET, ROUTER, GROUP, RULE, KEY_PAIR, USER, QUOTAS],
  ...[IMAGE, FLAVOR, COMMAND, STACK, "classroom:index:DataVolume", "", "toString"],
];
const OPS = [
  ...[
    "same",
    "create",
    "update",
    "delete",
    "replace",
    "create-replacement",
    "delete-replaced",
    "read",
    "read-replacement",
  ],
  ...[
    "refresh",
    "discard",
    "discard-replaced",
    "remove-pending-replace",
    "import",
    "import-replacement",
    "novelty",
    "",
  ],
];
const anInput = fc.oneof(
  fc.constantFrom("imageId", "userData", "size", "fixedIps", "keyPair", "networks", "blockDevices", "cidr", "portId"),
  fc.string({ maxLength: 8 }),
);
const inputs = fc.dictionary(anInput, fc.jsonValue({ maxDepth: 3 }), { maxKeys: 4 });
const aRandomStep = fc
  .record({
    op: fc.constantFrom(...OPS),
    type: fc.constantFrom(...TYPES),
    name: fc.constantFrom("web1", "web2", "data"),
    component: fc.constantFrom("WebServerInstance", "DataVolume", "StudentProject"),
    from: inputs,
    to: inputs,
    changed: fc.array(anInput, { maxLength: 3 }),
  })
  .map(({ op, type, ...parts }) => aStep(op, type, parts));

describe("classifySteps, whatever Pulumi tells", () => {
  it("always answers, in whole sentences", () => {
    fc.assert(
      fc.property(
        fc.array(aRandomStep, { maxLength: 12 }),
        fc.constantFrom("student" as const, "class" as const),
        (steps, of) => {
          const { effects, losesData, kind } = classifySteps(steps, { of });
          expect(losesData).toBe(effects.some(({ loses }) => loses !== undefined));
          expect(effects.every(({ text }) => text.length > 0 && !text.includes("undefined"))).toBe(true);
          if (losesData) expect(kind).not.toBe("unchanged");
        },
      ),
    );
  });

  it("never calls it harmless when something that holds data is deleted or replaced", () => {
    fc.assert(
      fc.property(
        fc.array(aRandomStep, { maxLength: 8 }),
        fc.constantFrom(...HOLDS_DATA),
        fc.constantFrom("delete", "replace", "delete-replaced", "create-replacement"),
        fc.nat({ max: 8 }),
        (others, type, op, place) => {
          const step = aStep(op, type, { name: "precious", component: "Precious", from: { name: "precious" } });
          const change = classifySteps([...others.slice(0, place), step, ...others.slice(place)]);
          expect(change.losesData).toBe(true);
          expect(change.effects.find(({ urn }) => urn === step.urn)).toMatchObject({ losesData: true });
        },
      ),
    );
  });

  it("says the same whatever order the steps of different things come in", () => {
    fc.assert(
      fc.property(fc.uniqueArray(aRandomStep, { maxLength: 6, selector: ({ urn }) => urn }), (steps) => {
        const texts = (of: readonly PlannedStep[]) =>
          classifySteps(of)
            .effects.map(({ text }) => text)
            .sort();
        expect(texts(steps.toReversed())).toEqual(texts(steps));
      }),
    );
  });
});
