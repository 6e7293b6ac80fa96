import type * as pulumi from "@pulumi/pulumi";
import type { Problem } from "../lab/problem.ts";

/** Longest name of a project or a group, and of a user: https://docs.openstack.org/api-ref/identity/v3/ */
export const LONGEST_NAME = 64;
export const LONGEST_USER_NAME = 255;

/** What is wrong with a name that Keystone keeps. */
export function identityNameProblems(path: string, name: string, longest: number): Problem[] {
  if (name.trim() !== name || name === "")
    return [{ path, reason: `"${name}" is empty or has spaces at an end; write a name without them` }];
  return name.length > longest
    ? [{ path, reason: `"${name}" has ${name.length} characters; use at most ${longest}` }]
    : [];
}

/** What is wrong with a password, where it is known already. It is never shown. */
export function passwordProblems(password: pulumi.Input<string>): Problem[] {
  return password === "" ? [{ path: "password", reason: "is empty; give one" }] : [];
}
