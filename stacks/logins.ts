import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { derivePassword } from "../lab/passwords.ts";
import type { CloudAddress } from "./cloudAddress.ts";

/** Passwords of a course: derived, so that they are the same in every run, and secret in the state. */
export function secretPassword(seed: string, course: string): (purpose: readonly string[]) => pulumi.Output<string> {
  return (purpose) => pulumi.secret(derivePassword(seed, [course, ...purpose]));
}

/** An explicit provider, so that the state says which cloud it is of and nobody destroys it at another. */
export function teachersLogin(course: string, { cloudName }: CloudAddress): pulumi.ComponentResourceOptions {
  const provider = new openstack.Provider(`${course}-teacher`, cloudName === undefined ? {} : { cloud: cloudName });
  return { providers: { openstack: provider } };
}
