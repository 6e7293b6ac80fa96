import type { Lab } from "./labSchema.ts";

/** A part of OpenStack beyond the core, by its name in `local-cloud up --with`. */
export type OptionalServiceName = "cinder" | "swift" | "vpn" | "fwaas" | "octavia";

/** What the lab needs beyond the core, each with the key of the lab that needs it. */
export function neededServices({ student }: Lab): { service: OptionalServiceName; because: string }[] {
  const { volumes, snapshots, containers, vpns, firewalls, loadBalancers, instances, project } = student;
  const quotas = project?.quotas ?? {};
  const bootVolume = Object.entries(instances).find(([, { bootVolume: volume }]) => volume !== undefined)?.[0];
  const octavia = Object.entries(loadBalancers).find(([, { madeOf }]) => madeOf === "octavia")?.[0];
  const first = (room: string, entries: Record<string, unknown>) => {
    const [name] = Object.keys(entries);
    return name === undefined ? undefined : `student.${room}.${name}`;
  };
  const wanted: readonly (readonly [OptionalServiceName, string | undefined])[] = [
    [
      "cinder",
      first("volumes", volumes) ??
        first("snapshots", snapshots) ??
        (bootVolume === undefined ? undefined : `student.instances.${bootVolume}.bootVolume`) ??
        ["volumes", "volumeGiB", "snapshots"]
          .find((key) => Object.hasOwn(quotas, key))
          ?.replace(/^/, "student.project.quotas."),
    ],
    ["swift", first("containers", containers)],
    ["vpn", first("vpns", vpns)],
    ["fwaas", first("firewalls", firewalls)],
    ["octavia", octavia === undefined ? undefined : `student.loadBalancers.${octavia}.madeOf`],
  ];
  return wanted.flatMap(([service, because]) => (because === undefined ? [] : [{ service, because }]));
}
