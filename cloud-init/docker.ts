import { indexHtml, type WebPage } from "./page.ts";
import type { CloudConfigPart, PackageFamily } from "./cloudConfigPart.ts";

export interface DockerOptions {
  /** Container image that serves {@link documentRoot} on port 80. */
  image: string;
  /** Folder inside the container that it serves, e.g. `/usr/local/apache2/htdocs` for `httpd`. */
  documentRoot: string;
  /** URL of a pull-through mirror of Docker Hub, e.g. `https://mirror.example.org`. */
  registryMirror?: string;
  /** Registries, `host:port`, that are spoken to without TLS, as in a closed classroom network. */
  insecureRegistries: readonly string[];
}

const PACKAGE: Record<PackageFamily, string> = { debian: "docker.io", rhel: "docker-ce" };
/** Rocky, Alma and CentOS have no Docker of their own: https://docs.docker.com/engine/install/centos/ */
const DOCKER_REPOSITORY = {
  name: "Docker CE",
  baseurl: "https://download.docker.com/linux/centos/$releasever/$basearch/stable",
  gpgkey: "https://download.docker.com/linux/centos/gpg",
  gpgcheck: true,
  enabled: true,
};
const PAGE_FOLDER = "/srv/classroom";

/** Docker Engine, and a container that serves a page naming the student. */
export function dockerProfile(
  options: Omit<WebPage, "servedBy"> & { packageFamily: PackageFamily; docker: DockerOptions },
): CloudConfigPart {
  const { docker, packageFamily } = options;
  return {
    ...(packageFamily === "rhel" ? { yum_repos: { "docker-ce": DOCKER_REPOSITORY } } : {}),
    packages: [PACKAGE[packageFamily]],
    write_files: [
      {
        path: `${PAGE_FOLDER}/index.html`,
        content: indexHtml({ ...options, servedBy: `the container ${docker.image}` }),
      },
      ...daemonFile(docker),
    ],
    steps: [
      { name: "install-docker", command: ["sh", "-c", "command -v dockerd"] },
      { name: "start-docker", command: ["systemctl", "enable", "--now", "docker"] },
      { name: "pull-image", command: ["docker", "pull", docker.image] },
      {
        name: "run-container",
        // "always" brings the container back after a reboot of the instance.
        command: [
          ...["docker", "run", "--detach", "--name", "web", "--restart", "always", "--publish", "80:80"],
          ...["--volume", `${PAGE_FOLDER}:${docker.documentRoot}:ro`, docker.image],
        ],
      },
    ],
    documentRoot: PAGE_FOLDER,
  };
}

/** Docker's settings; an image may bring its own, which stay when there is nothing to say. https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file */
function daemonFile({ registryMirror, insecureRegistries }: DockerOptions): CloudConfigPart["write_files"] {
  const settings = {
    ...(registryMirror === undefined ? {} : { "registry-mirrors": [registryMirror] }),
    ...(insecureRegistries.length === 0 ? {} : { "insecure-registries": insecureRegistries }),
  };
  if (Object.keys(settings).length === 0) return [];
  return [{ path: "/etc/docker/daemon.json", content: `${JSON.stringify(settings, null, 2)}\n` }];
}
