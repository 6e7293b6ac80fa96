/** The cloud as the teacher reaches it. */
export interface CloudAddress {
  authUrl: string;
  region: string | undefined;
  cacert: string | undefined;
  /** Domain in which projects and users are made. */
  domainId: string;
  /** Of the teacher. */
  userId: string;
  projectId: string;
  /** Entry of clouds.yaml, for commands; undefined with OS_* variables. */
  cloudName: string | undefined;
}

/** The small OpenStack client, logged in as the teacher. */
export function teachersClient({ cloudName }: Pick<CloudAddress, "cloudName">): string {
  return `node openstack/main.ts${cloudName === undefined ? "" : ` --cloud ${cloudName}`}`;
}
