import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { tagMetadata } from "../lab/identity.ts";
import type { Problem } from "../lab/problem.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";

/** A copy-on-write snapshot takes seconds, one that is uploaded to another store minutes. */
const TIMEOUT = "15m";
/** Every variable by which a client logs in: those of the surroundings must not mix with the ones given. */
const LOGIN_VARIABLES = [
  "OS_CLOUD",
  "OS_AUTH_URL",
  "OS_USERNAME",
  "OS_USER_ID",
  "OS_PASSWORD",
  "OS_USER_DOMAIN_NAME",
  "OS_USER_DOMAIN_ID",
  "OS_PROJECT_NAME",
  "OS_PROJECT_ID",
  "OS_PROJECT_DOMAIN_NAME",
  "OS_PROJECT_DOMAIN_ID",
  "OS_TENANT_NAME",
  "OS_TENANT_ID",
  "OS_APPLICATION_CREDENTIAL_ID",
  "OS_APPLICATION_CREDENTIAL_NAME",
  "OS_APPLICATION_CREDENTIAL_SECRET",
  "OS_REGION_NAME",
  "OS_CACERT",
];

/** Which volume is kept as it is now, and how to log in for it. */
export interface VolumeSnapshotArgs {
  /** Another volume is another snapshot. */
  volumeId: pulumi.Input<string>;
  /** @default "" */
  description?: string;
  /** Whether a volume that is attached to an instance may be snapshotted. What the instance has not written yet is not in it. @default true */
  force?: boolean;
  /** Command of the small OpenStack client, e.g. `"node openstack/main.ts --cloud local"`. */
  openstackCommand: string;
  /**
   * Login of the project's user as OS_* variables, kept as secrets in the stack's state; then without `--cloud` in the command.
   * @default {} – the command's own
   */
  environment?: Record<string, pulumi.Input<string>>;
  /** Metadata of the snapshot, e.g. `["course:net101", "student:kim"]`. @default [] */
  tags?: string[];
}

/**
 * A snapshot of a volume as it is when the snapshot is made. Made by a command, because Pulumi has no resource for it. A snapshot of the
 * same name and volume that an interrupted run left behind is taken over.
 * https://docs.openstack.org/cinder/latest/cli/cli-manage-volumes.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const data = new DataVolume("kim-data", { sizeGiB: 2 });
 * const openstackCommand = "node openstack/main.ts --cloud local";
 * const before = new VolumeSnapshot("before-exercise-2", { volumeId: data.volumeId, openstackCommand });
 * const copy = new DataVolume("kim-copy", { sizeGiB: 2, snapshotId: before.snapshotId });
 */
export class VolumeSnapshot extends pulumi.ComponentResource {
  /** For a volume's `snapshotId`. Known once the snapshot is available. */
  readonly snapshotId: pulumi.Output<string>;

  constructor(name: string, args: VolumeSnapshotArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`VolumeSnapshot "${name}"`, volumeSnapshotProblems(args));
    super("classroom:index:VolumeSnapshot", name, {}, opts);

    const { volumeId, description = "", force = true, openstackCommand, environment = {}, tags = [] } = args;
    const given = Object.keys(environment);
    const snapshot = new command.local.Command(
      `${name}-snapshot`,
      {
        // Through standard input, as an error shows the command.
        create: "exec sh -s create",
        delete: "exec sh -s delete",
        stdin: SCRIPT,
        environment: {
          ...Object.fromEntries(Object.entries(environment).map(([key, value]) => [key, pulumi.secret(value)])),
          OPENSTACK: openstackCommand,
          FOREIGN_VARIABLES: given.length === 0 ? "" : LOGIN_VARIABLES.filter((key) => !given.includes(key)).join(" "),
          VOLUME_ID: volumeId,
          SNAPSHOT_NAME: name,
          SNAPSHOT_DESCRIPTION: description,
          SNAPSHOT_METADATA: JSON.stringify(tagMetadata(tags)),
          FORCE: force ? "--force" : "--no-force",
        },
        triggers: [volumeId],
        logging: command.local.Logging.Stderr,
      },
      { parent: this, customTimeouts: { create: TIMEOUT, update: TIMEOUT, delete: TIMEOUT } },
    );

    // The login does not show in what the client prints: an id.
    this.snapshotId = pulumi.unsecret(snapshot.stdout).apply((id) => id.trim());
    this.registerOutputs({ snapshotId: this.snapshotId });
  }
}

/** POSIX shell, the same for create, update and delete. The client takes over a snapshot that is there, so an update loses nothing. */
const SCRIPT = `
main() {
  [ -z "$FOREIGN_VARIABLES" ] || unset $FOREIGN_VARIABLES
  case "$1" in
    create)
      $OPENSTACK volume-snapshot create "$VOLUME_ID" --name "$SNAPSHOT_NAME" --description "$SNAPSHOT_DESCRIPTION" \\
        --metadata "$SNAPSHOT_METADATA" "$FORCE"
      ;;
    delete) $OPENSTACK volume-snapshot delete "$VOLUME_ID" --name "$SNAPSHOT_NAME" ;;
  esac
}
main "$1" </dev/null
`;

/** Everything wrong with the arguments of a {@link VolumeSnapshot}. */
function volumeSnapshotProblems({ openstackCommand, environment = {} }: VolumeSnapshotArgs): Problem[] {
  const problems: Problem[] = [];
  if (openstackCommand.trim() === "")
    problems.push({ path: "openstackCommand", reason: 'is empty; write e.g. "node openstack/main.ts --cloud local"' });
  const given = Object.keys(environment);
  if (given.length > 0 && /\s--cloud\b/.test(openstackCommand))
    problems.push({
      path: "environment",
      reason: `"${openstackCommand}" logs in by itself; leave out --cloud, or this`,
    });
  for (const key of given.filter((candidate) => !LOGIN_VARIABLES.includes(candidate)))
    problems.push({
      path: `environment.${key}`,
      reason: `is not a variable of a login; use ${LOGIN_VARIABLES.slice(1).join(", ")}`,
    });
  return problems;
}
