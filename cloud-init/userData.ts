import { stringify } from "yaml";
import { apacheProfile } from "./apache.ts";
import { dockerProfile, type DockerOptions } from "./docker.ts";
import { bootStepFiles, readyStep } from "./bootSteps.ts";
import { centos7Repositories } from "./centos7.ts";
import type { CloudConfigPart, PackageFamily } from "./cloudConfigPart.ts";
import type { WebPage } from "./page.ts";

/** Nova refuses more, counted before base64: https://docs.openstack.org/nova/latest/user/metadata.html#user-data */
export const MOST_USER_DATA_BYTES = 65_535;

/** What an instance serves: Apache from the distribution's package, or a container run by Docker. */
export type WebProfile = "apache" | "docker";

export interface WebUserData extends Omit<WebPage, "servedBy"> {
  web: WebProfile;
  packageFamily: PackageFamily;
  docker: DockerOptions;
  /** Mirror of CentOS 7 to install from instead of the image's own. */
  packageMirror?: string | undefined;
}

/**
 * The cloud-config of a web server, ready for an instance's `userData`. Deterministic: the same arguments give the same text for ever.
 * Every value goes through a YAML library, so no name can break out of its place.
 */
export function webUserData(options: WebUserData): string {
  const part = options.web === "apache" ? apacheProfile(options) : dockerProfile(options);
  const { packageMirror, instanceName } = options;
  return partUserData({
    ...part,
    write_files: [...(packageMirror === undefined ? [] : [centos7Repositories(packageMirror)]), ...part.write_files],
    steps: [...part.steps, readyStep(part.documentRoot, instanceName)],
  });
}

/** The cloud-config that installs a part's packages, writes its files and runs its steps, each by its name. */
export function partUserData(part: Omit<CloudConfigPart, "documentRoot">): string {
  return cloudConfigText({
    package_update: true,
    ...(part.yum_repos === undefined ? {} : { yum_repos: part.yum_repos }),
    packages: part.packages,
    write_files: [...bootStepFiles(), ...part.write_files],
    runcmd: part.steps.map(({ name, command }) => ["classroom-step", name, ...command]),
  });
}

/** Size that counts against {@link MOST_USER_DATA_BYTES}. */
export function userDataBytes(userData: string): number {
  return Buffer.byteLength(userData, "utf8");
}

function cloudConfigText(document: object): string {
  // Without folding, long lines stay as they are and the text reads like what was written.
  return `#cloud-config\n${stringify(document, { lineWidth: 0 })}`;
}
