import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { under, type Problem } from "../lab/problem.ts";
import { identityNameProblems, LONGEST_NAME, LONGEST_USER_NAME, passwordProblems } from "./identityNames.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { knownOnce } from "./knownOnce.ts";

/** A group and the users made for it. */
export interface UserGroupArgs {
  /** Unique in its domain, at most 64 characters. */
  groupName: string;
  /** @default "" */
  description?: string;
  /** Users that are made, by user name (unique in the domain). The password is kept as a secret in the stack's state. @default {} */
  members?: Record<string, { password: pulumi.Input<string> }>;
}

/**
 * A group of users. It has no role by itself: a role given to the group is a role of all its members.
 * https://docs.openstack.org/keystone/latest/admin/identity-concepts.html#groups
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const helpers = new UserGroup("helpers", {
 *   groupName: "net101-helpers",
 *   members: { lee: { password: new pulumi.Config().requireSecret("password") } },
 * });
 */
export class UserGroup extends pulumi.ComponentResource {
  /** For a role assignment's `groupId`. Known only once every user is in the group. */
  readonly groupId: pulumi.Output<string>;
  /** Ids of the users, by user name. */
  readonly userIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: UserGroupArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`UserGroup "${name}"`, userGroupProblems(args));
    super("classroom:index:UserGroup", name, {}, opts);

    const { groupName, description = "", members = {} } = args;
    // Names are unique, so a new group or user needs the old one gone.
    const inside = { parent: this, deleteBeforeReplace: true };
    const group = new openstack.identity.GroupV3(`${name}-group`, { name: groupName, description }, inside);
    const users = Object.entries(members).map(([userName, { password }]) => {
      const user = new openstack.identity.User(
        `${name}-${userName}-user`,
        { name: userName, password: pulumi.secret(password) },
        inside,
      );
      const membership = new openstack.identity.UserMembershipV3(
        `${name}-${userName}-membership`,
        { userId: user.id, groupId: group.id },
        inside,
      );
      return { userName, user, membership };
    });

    this.groupId = knownOnce(
      group.id,
      users.map(({ membership }) => membership.id),
    );
    this.userIds = Object.fromEntries(users.map(({ userName, user }) => [userName, user.id]));
    this.registerOutputs({ groupId: this.groupId, userIds: this.userIds });
  }
}

/** Everything wrong with the arguments of a {@link UserGroup}. */
function userGroupProblems({ groupName, members = {} }: UserGroupArgs): Problem[] {
  return [
    ...identityNameProblems("groupName", groupName, LONGEST_NAME),
    ...Object.entries(members).flatMap(([userName, { password }]) =>
      under(`members.${userName}`, [
        ...identityNameProblems("", userName, LONGEST_USER_NAME),
        ...passwordProblems(password),
      ]),
    ),
  ];
}
