import type { SeenObject } from "../openstack/cloudObject.ts";
import { studentName } from "./student.ts";

/** What each student has once it is made; rules are those that the student's variant made, not those that Neutron puts into every group. */
const WHOLE: Readonly<Record<string, number>> = {
  "openstack:identity/user:User": 1,
  "openstack:networking/network:Network": 1,
  "openstack:networking/subnet:Subnet": 1,
  "openstack:networking/router:Router": 1,
  "openstack:networking/routerInterface:RouterInterface": 1,
  "openstack:networking/secGroup:SecGroup": 1,
  "openstack:networking/secGroupRule:SecGroupRule": 3,
  "openstack:networking/port:Port": 1,
  "openstack:networking/floatingIp:FloatingIp": 1,
  "openstack:compute/instance:Instance": 1,
  "openstack:compute/keypair:Keypair": 1,
};

/**
 * In what the students in the cloud differ from those that all variants are to make: a variant that makes less is not faster.
 *
 * @param objects all of the variant's
 * @param students how many there shall be
 * @returns a line for each difference
 */
export function differences(variant: string, objects: readonly SeenObject[], students: number): string[] {
  const projects = objects.filter(({ type }) => type === "openstack:identity/project:Project");
  const users = objects.filter(({ type }) => type === "openstack:identity/user:User");
  const names = Array.from({ length: students }, (_, index) => studentName(variant, index + 1));
  const tooMany = projects.filter(({ name }) => !names.includes(name)).map(({ name }) => `${name} should not be there`);
  return names
    .flatMap((name): string[] => {
      const project = projects.find((each) => each.name === name);
      if (project === undefined) return [`${name} has no project`];
      const user = users.find((each) => each.name === name || each.projectId === project.id);
      const own = objects.filter(
        ({ automatic, projectId, userId, id }) =>
          !automatic &&
          (projectId === project.id || id === user?.id || (projectId === undefined && userId === user?.id)),
      );
      return ofStudent(own).map((problem) => `${name} ${problem}`);
    })
    .concat(tooMany);
}

/**
 * The same of a variant that makes everything in one project: what there is of each kind in all, as it cannot be told whose it is.
 *
 * @param objects the variant's, and what is new in the administrator's project
 */
export function differencesInAll(objects: readonly SeenObject[], students: number): string[] {
  const made = objects.filter(({ automatic }) => !automatic);
  const kinds = Object.entries({ ...WHOLE, "openstack:identity/project:Project": 1 });
  const counts = kinds.flatMap(([type, each]) => {
    const found = made.filter((object) => object.type === type).length;
    return found === each * students ? [] : [`${found} of ${type.replace(/^.*:/, "")}, not ${each * students}`];
  });
  const idle = made.filter(({ instance, status }) => instance !== undefined && status !== "ACTIVE");
  const loose = made.filter(({ floatingIp }) => floatingIp !== undefined && floatingIp.portId === undefined);
  return [
    ...counts,
    ...(idle.length === 0 ? [] : [`${idle.length} instances are not active`]),
    ...(loose.length === 0 ? [] : [`${loose.length} floating IPs lead nowhere`]),
  ];
}

function ofStudent(own: readonly SeenObject[]): string[] {
  const counts = Object.entries(WHOLE).flatMap(([type, wanted]) => {
    const found = own.filter((each) => each.type === type).length;
    return found === wanted ? [] : [`has ${found} of ${type.replace(/^.*:/, "")}, not ${wanted}`];
  });
  const instance = own.find(({ type }) => type === "openstack:compute/instance:Instance");
  const floatingIp = own.find(({ type }) => type === "openstack:networking/floatingIp:FloatingIp");
  return [
    ...counts,
    ...(instance === undefined || instance.status === "ACTIVE"
      ? []
      : [`has an instance that is ${instance.status ?? "?"}`]),
    ...(instance?.instance?.keyPairName === undefined && instance !== undefined
      ? ["has an instance without key pair"]
      : []),
    ...(floatingIp?.floatingIp?.portId === undefined && floatingIp !== undefined
      ? ["has a floating IP that leads nowhere"]
      : []),
  ];
}
