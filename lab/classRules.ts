import type { FlavorEntry, ImageEntry, ProviderNetwork } from "./classSchema.ts";
import { addressProblems, hostProblems, parseIpv4Address, parseIpv4Block, parsePool } from "./ipv4.ts";
import type { Lab } from "./labSchema.ts";
import { unknown } from "./networkRules.ts";
import { type Problem, under } from "./problem.ts";

/** What is wrong with flavors, images and the Packstack host. */
export function classProblems({ class: { flavors, images, packstackHost, providerNetworks } }: Lab): Problem[] {
  const ids = Object.entries(flavors).flatMap(([name, { id }]) => (id === undefined ? [] : [{ name, id }]));
  return [
    ...Object.entries(flavors).flatMap(([name, flavor]) => under(`class.flavors.${name}`, flavorProblems(flavor))),
    ...ids.flatMap(({ name, id }, index) => {
      const other = ids.slice(0, index).find((each) => each.id === id);
      return other === undefined
        ? []
        : [{ path: `class.flavors.${name}.id`, reason: `"${id}" is the id of "${other.name}" already` }];
    }),
    ...Object.entries(images).flatMap(([name, image]) => under(`class.images.${name}`, imageProblems(image))),
    ...(packstackHost === undefined
      ? []
      : under("class.packstackHost", [
          ...(Object.hasOwn(providerNetworks, packstackHost.providerNetwork)
            ? []
            : [
                unknown(
                  "providerNetwork",
                  packstackHost.providerNetwork,
                  "a provider network of this lab",
                  Object.keys(providerNetworks),
                ),
              ]),
          ...hostAddressProblems(packstackHost.address, providerNetworks[packstackHost.providerNetwork]),
          ...Object.entries({ interface: packstackHost.interface, bridge: packstackHost.bridge }).flatMap(
            ([path, name]) =>
              /^[A-Za-z0-9_.-]{1,15}$/.test(name)
                ? []
                : [
                    {
                      path,
                      reason: `"${name}" cannot be a network interface; use at most 15 letters, digits, dashes, dots`,
                    },
                  ],
          ),
          ...(packstackHost.publicAddress === undefined
            ? []
            : addressProblems("publicAddress", packstackHost.publicAddress)),
        ])),
  ];
}

function flavorProblems({ existing, vcpus, ramMiB, diskGiB, id }: FlavorEntry): Problem[] {
  const sizes = { vcpus, ramMiB, diskGiB };
  if (existing !== undefined)
    return Object.entries({ ...sizes, id }).flatMap(([path, value]) =>
      value === undefined ? [] : [{ path, reason: "cannot be set: the flavor exists already and is only used" }],
    );
  return Object.entries(sizes).flatMap(([path, value]) =>
    value === undefined ? [{ path, reason: "is missing; it must be a whole number" }] : [],
  );
}

function imageProblems({ existing, loginUser: _ours, ...made }: ImageEntry): Problem[] {
  if (existing !== undefined)
    return Object.keys(made).map((path) => ({
      path,
      reason: "cannot be set: the image exists already and is only used",
    }));
  return made.file === undefined
    ? [{ path: "file", reason: "is missing; name the file to upload, or `existing:` to use one of the cloud" }]
    : [];
}

function hostAddressProblems(text: string, network: ProviderNetwork | undefined): Problem[] {
  const path = "address";
  const [ip = "", prefix = "", ...rest] = text.split("/");
  const address = parseIpv4Address(ip);
  if (rest.length > 0 || address === undefined || !/^([1-9]|[12]\d|30)$/.test(prefix))
    return [{ path, reason: `"${text}" is not an address with its prefix length; write one like "10.5.117.100/8"` }];
  if (network === undefined) return [];
  const { cidr, gateway, pools = [] } = network;
  const block = parseIpv4Block(cidr ?? "");
  if (cidr === undefined || block === undefined)
    return [{ path: "providerNetwork", reason: "must be one that this lab makes, whose addresses are known" }];
  if (Number(prefix) !== block.prefix)
    return [
      {
        path,
        reason: `/${prefix} is not the prefix length of the provider network ${cidr}; write ${ip}/${block.prefix}`,
      },
    ];
  const pool = pools.find((each) => {
    const { start, end } = parsePool(each) ?? { start: "", end: "" };
    return address >= (parseIpv4Address(start) ?? Infinity) && address <= (parseIpv4Address(end) ?? -1);
  });
  return [
    ...hostProblems(path, ip, cidr),
    ...(ip === gateway ? [{ path, reason: `${ip} is the gateway's address; the host needs its own` }] : []),
    ...(pool === undefined
      ? []
      : [{ path, reason: `${ip} lies in the pool ${pool}, which is given out; choose another` }]),
  ];
}
