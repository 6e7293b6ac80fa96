import * as command from "@pulumi/command";
import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { under, type Problem } from "../lab/problem.ts";
import { identityNameProblems, LONGEST_NAME, LONGEST_USER_NAME, passwordProblems } from "./identityNames.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";
import { knownOnce } from "./knownOnce.ts";
import { quotaProblems, setQuotas, type ProjectQuotas } from "./projectQuotas.ts";

/** Keystone's bounds for project tags: https://docs.openstack.org/api-ref/identity/v3/#project-tags */
const MOST_TAGS = 80;
const LONGEST_TAG = 255;

/** Roles in the project: ids by the roles' names, e.g. `{ member: roles.member }`. Only the names may not change. */
export type ProjectRoles = Record<string, pulumi.Input<string>>;

/** A user who is made for the project. */
export interface ProjectMember {
  /** Kept as a secret in the stack's state. */
  password: pulumi.Input<string>;
  /** At least one: a user without a role cannot log in to the project. */
  roles: ProjectRoles;
  /** @default none */
  email?: string;
}

/** A user who is there already and gets roles in the project. */
export interface ExistingMember {
  userId: pulumi.Input<string>;
  /** At least one. */
  roles: ProjectRoles;
}

/** A project, who works in it and how much they may use. */
export interface StudentProjectArgs {
  /** Unique in its domain, at most 64 characters. */
  projectName: string;
  /** @default "" */
  description?: string;
  /** Users that are made, by user name (unique in the domain); the project is their default one. @default {} */
  members?: Record<string, ProjectMember>;
  /** Users that are there already, by any label that stays the same, e.g. the administrator. @default {} */
  existingMembers?: Record<string, ExistingMember>;
  /** @default the cloud's own */
  quotas?: ProjectQuotas;
  /** Keystone tags, e.g. `["course:net101", "student:kim"]`: no commas, no slashes. @default [] */
  tags?: string[];
  /**
   * Command of the small OpenStack client as an administrator, e.g. `"node openstack/main.ts --cloud local"`. With it, destroying also
   * deletes what the cloud itself makes for a project and Keystone does not know of: Neutron's security group `default`, and quotas.
   * It fails while something in the project still uses the group. @default "" – they stay
   */
  openstackCommand?: string;
}

/**
 * A project with its users, their roles and its quotas. Only an administrator of the domain can make one; what is in the project is then
 * made by its own users.
 * https://docs.openstack.org/keystone/latest/admin/cli-manage-projects-users-and-roles.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const project = new StudentProject("kim", {
 *   projectName: "net101-kim",
 *   members: {
 *     kim: { password: new pulumi.Config().requireSecret("password"), roles: { member: "role-id" } },
 *   },
 *   quotas: { instances: 4, cores: 4 },
 * });
 */
export class StudentProject extends pulumi.ComponentResource {
  /** Known only once every user has its roles and the quotas are set: whoever logs in with it can work. */
  readonly projectId: pulumi.Output<string>;
  /** The name as it was given. */
  readonly projectName: string;
  /** Ids of the users made here, by user name. */
  readonly userIds: Record<string, pulumi.Output<string>>;

  constructor(name: string, args: StudentProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`StudentProject "${name}"`, studentProjectProblems(args));
    super("classroom:index:StudentProject", name, {}, opts);

    const { projectName, description = "", members = {}, existingMembers = {}, quotas = {}, tags = [] } = args;
    const { openstackCommand = "" } = args;
    const inside = { parent: this };
    const project = new openstack.identity.Project(
      `${name}-project`,
      { name: projectName, description, tags },
      // Its name is unique, so a new one needs the old one gone.
      { ...inside, deleteBeforeReplace: true },
    );
    const users = Object.entries(members).map(([userName, { password, email }]) => ({
      userName,
      user: new openstack.identity.User(
        `${name}-${userName}-user`,
        {
          name: userName,
          password: pulumi.secret(password),
          defaultProjectId: project.id,
          ...(email === undefined ? {} : { extra: { email } }),
        },
        { ...inside, deleteBeforeReplace: true },
      ),
    }));
    const assignments = [
      ...users.map(({ userName, user }) => ({
        label: userName,
        userId: user.id,
        roles: members[userName]?.roles ?? {},
      })),
      ...Object.entries(existingMembers).map(([label, member]) => ({ label, ...member })),
    ].flatMap(({ label, userId, roles }) =>
      Object.entries(roles).map(
        ([roleName, roleId]) =>
          new openstack.identity.RoleAssignment(
            `${name}-${label}-${roleName}-role`,
            { projectId: project.id, userId, roleId },
            inside,
          ),
      ),
    );
    const quotaIds = setQuotas(name, project.id, quotas, inside);
    const leftovers = openstackCommand === "" ? [] : [this.deleteLeftovers(name, project.id, openstackCommand)];

    this.projectId = knownOnce(project.id, [...assignments.map(({ id }) => id), ...quotaIds, ...leftovers]);
    this.projectName = projectName;
    this.userIds = Object.fromEntries(users.map(({ userName, user }) => [userName, user.id]));
    this.registerOutputs({ projectId: this.projectId, projectName: this.projectName, userIds: this.userIds });
  }

  /** Runs when the project is destroyed, after everything in it and before the project itself. */
  private deleteLeftovers(name: string, projectId: pulumi.Output<string>, openstackCommand: string) {
    return new command.local.Command(
      `${name}-leftovers`,
      {
        create: ":",
        delete: '$OPENSTACK delete-project-leftovers "$PROJECT_ID"',
        environment: { OPENSTACK: openstackCommand, PROJECT_ID: projectId },
        triggers: [projectId],
        logging: command.local.Logging.Stderr,
      },
      { parent: this, deleteBeforeReplace: true },
    ).id;
  }
}

/** Everything wrong with the arguments of a {@link StudentProject}. */
function studentProjectProblems(args: StudentProjectArgs): Problem[] {
  const { projectName, members = {}, existingMembers = {}, quotas = {}, tags = [] } = args;
  const problems = [
    ...identityNameProblems("projectName", projectName, LONGEST_NAME),
    ...Object.entries(members).flatMap(([userName, { password, roles }]) =>
      under(`members.${userName}`, [
        ...identityNameProblems("", userName, LONGEST_USER_NAME),
        ...passwordProblems(password),
        ...roleProblems(roles),
      ]),
    ),
    ...Object.entries(existingMembers).flatMap(([label, { roles }]) =>
      under(`existingMembers.${label}`, [
        ...(Object.hasOwn(members, label)
          ? [{ path: "", reason: "is the name of a user made here too; choose another label" }]
          : []),
        ...roleProblems(roles),
      ]),
    ),
    ...quotaProblems(quotas),
    ...tags.flatMap((tag, index) => tagProblems(`tags[${index}]`, tag)),
  ];
  if (Object.keys(members).length + Object.keys(existingMembers).length === 0)
    problems.push({ path: "members", reason: "nobody could log in to the project; name a user with a role" });
  if (tags.length > MOST_TAGS)
    problems.push({ path: "tags", reason: `${tags.length} tags are too many; Keystone takes ${MOST_TAGS}` });
  return problems;
}

function roleProblems(roles: ProjectRoles): Problem[] {
  return Object.keys(roles).length > 0
    ? []
    : [{ path: "roles", reason: 'is empty, and without a role nobody can log in; give one, e.g. "member"' }];
}

function tagProblems(path: string, tag: string): Problem[] {
  if (tag === "" || tag.length > LONGEST_TAG)
    return [{ path, reason: `has ${tag.length} characters; a tag has 1 to ${LONGEST_TAG}` }];
  return /[,/]/.test(tag) ? [{ path, reason: `"${tag}" has a comma or a slash, which Keystone refuses in tags` }] : [];
}
