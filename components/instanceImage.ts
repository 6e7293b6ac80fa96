import type { Problem } from "../lab/problem.ts";
import { httpUrlProblems } from "./httpUrl.ts";
import { isCentos7, loginUserOf } from "./loginUser.ts";

/** What an instance is made from, as far as it can be checked before anything exists. */
export interface InstanceImage {
  imageName: string;
  loginUser?: string | undefined;
  packageMirror?: string | undefined;
}

/**
 * What is wrong with an image that something is to be installed on at first boot.
 *
 * @param path the argument that asks for the installation
 * @param what what is installed, e.g. `apache`
 */
export function installationProblems(path: string, what: string, image: InstanceImage): Problem[] {
  const { imageName, loginUser = loginUserOf(imageName), packageMirror } = image;
  if (loginUser === "cirros")
    return [
      { path, reason: `the image "${imageName}" has no cloud-init to install ${what}; choose e.g. a Debian image` },
    ];
  if (isCentos7(imageName) && packageMirror === undefined)
    return [
      {
        path,
        reason: `the image "${imageName}" is past its end of life (30 June 2024) and its mirrors are gone, so ${what} cannot be installed; choose a current Rocky, Alma, Debian or Ubuntu image, or set packageMirror to a mirror of your own`,
      },
    ];
  return [];
}

/** What is wrong with the login user of an image. */
export function loginUserProblems({ imageName, loginUser = loginUserOf(imageName) }: InstanceImage): Problem[] {
  return loginUser === undefined
    ? [{ path: "loginUser", reason: `the login user does not follow from the image name "${imageName}"; set it` }]
    : [];
}

/** What is wrong with a package mirror. */
export function packageMirrorProblems({ imageName, packageMirror }: InstanceImage): Problem[] {
  const path = "packageMirror";
  if (packageMirror === undefined) return [];
  if (!isCentos7(imageName))
    return [
      {
        path,
        reason: `is only for CentOS 7; the image "${imageName}" knows the mirrors of its distribution: leave it out`,
      },
    ];
  return httpUrlProblems(path, packageMirror, "http://mirror.example.org/centos/7");
}
