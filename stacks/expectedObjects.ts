import type { ExpectedObject } from "../openstack/inventory/ownership.ts";
import type { LoadedCourse } from "./courseFolder.ts";

/** What the class part makes that carries no tag and is known by its name alone. */
export function expectedObjects({ lab }: Pick<LoadedCourse, "lab">): ExpectedObject[] {
  const { flavors, hostAggregates, groups } = lab.class;
  const named = (type: string, names: readonly string[]) => names.map((name) => ({ type, name }));
  const made = Object.entries(flavors).flatMap(([name, { existing }]) => (existing === undefined ? [name] : []));
  return [
    ...named("openstack:compute/flavor:Flavor", made),
    ...named("openstack:compute/aggregateV2:AggregateV2", Object.keys(hostAggregates)),
    ...named("openstack:identity/groupV3:GroupV3", Object.keys(groups)),
    ...named(
      "openstack:identity/user:User",
      Object.values(groups).flatMap(({ users }) => users),
    ),
  ];
}
