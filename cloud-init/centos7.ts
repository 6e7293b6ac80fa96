import type { CloudConfigPart } from "./cloudConfigPart.ts";

/** The repositories of an installed CentOS 7, by their names in yum and their folders on a mirror. */
const REPOSITORIES = { base: "os", updates: "updates", extras: "extras" };

/**
 * The repository file of CentOS 7 with another mirror: it takes the place of the image's own, whose mirrors are gone and would make
 * every yum fail. cloud-init writes files before it installs packages.
 *
 * @param mirror URL under which `os/`, `updates/` and `extras/` lie
 */
export function centos7Repositories(mirror: string): CloudConfigPart["write_files"][number] {
  const base = mirror.replace(/\/+$/, "");
  const sections = Object.entries(REPOSITORIES).map(([id, folder]) =>
    [
      `[${id}]`,
      `name=CentOS-7 - ${id}`,
      `baseurl=${base}/${folder}/$basearch/`,
      "gpgcheck=1",
      "gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7",
      "",
    ].join("\n"),
  );
  return { path: "/etc/yum.repos.d/CentOS-Base.repo", content: sections.join("\n") };
}
