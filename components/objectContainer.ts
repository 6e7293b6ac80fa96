import { isAbsolute } from "node:path";
import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { under, type Problem } from "../lab/problem.ts";
import { httpUrlProblems } from "./httpUrl.ts";
import { refuseInvalidArgs } from "./invalidArgsError.ts";

/** Swift's own limits, counted in UTF-8: https://docs.openstack.org/swift/latest/overview_architecture.html, `swift-info` shows them. */
const LONGEST_CONTAINER_NAME = 256;
const LONGEST_OBJECT_NAME = 1024;

/** What is uploaded: either `text` or `file`. Any change uploads it anew as a whole. */
export interface UploadedObject {
  /** Its content. It lies in the stack's state as well: for small texts. */
  text?: string;
  /** Absolute path of a file on the machine that runs Pulumi. */
  file?: string;
  /** Hash of the file, by any algorithm: a file that was edited is uploaded again only when this changes. @default none */
  contentHash?: string;
  /** E.g. `"text/html"`. @default Swift guesses by the object's name */
  contentType?: string;
}

/** A container, what is in it and who may read it. */
export interface ObjectContainerArgs {
  /** Name of the container, unique in the project. @default the logical name */
  containerName?: string;
  /**
   * Whether everybody may read each object by its link, without a login. The list of objects stays private.
   * @default false – only the project's users
   */
  publicRead?: boolean;
  /** What is put into it, by object name; `/` in a name makes folders for the eye. @default {} */
  objects?: Record<string, UploadedObject>;
  /** Public endpoint of the project's account, e.g. `http://object-store.example.org/v1/AUTH_0123`, for `objectUrls`. */
  storageUrl?: pulumi.Input<string>;
  /**
   * Whether deleting the container deletes what others put into it, too. Without it Swift refuses, so that students' uploads are not
   * lost by the way; what is named in `objects` is deleted in both cases. @default false
   */
  forceDestroy?: boolean;
}

/**
 * A container of object storage (Swift) and objects in it.
 * https://docs.openstack.org/swift/latest/api/object_api_v1_overview.html
 *
 * @throws {InvalidArgsError} from the constructor, naming every bad argument; nothing is then registered.
 *
 * @example
 * const handouts = new ObjectContainer("handouts", {
 *   publicRead: true,
 *   objects: { "welcome.txt": { text: "Welcome to net101" } },
 *   storageUrl: "http://object-store.example.org/v1/AUTH_0123",
 * });
 * export const link = handouts.objectUrls?.["welcome.txt"];
 */
export class ObjectContainer extends pulumi.ComponentResource {
  /** Name of the container, known once it is made. */
  readonly containerName: pulumi.Output<string>;
  /** Links of the objects, by their names, each known once it is uploaded. Undefined without `storageUrl`. */
  readonly objectUrls: Record<string, pulumi.Output<string>> | undefined;

  constructor(name: string, args: ObjectContainerArgs, opts?: pulumi.ComponentResourceOptions) {
    refuseInvalidArgs(`ObjectContainer "${name}"`, objectContainerProblems(name, args));
    super("classroom:index:ObjectContainer", name, {}, opts);

    const { containerName = name, publicRead = false, objects = {}, storageUrl, forceDestroy = false } = args;
    const container = new openstack.objectstorage.Container(
      `${name}-container`,
      // An empty list takes the permission away again: https://docs.openstack.org/swift/latest/overview_acl.html
      { name: containerName, containerRead: publicRead ? ".r:*" : "", forceDestroy },
      // A container is its name.
      { parent: this, deleteBeforeReplace: true },
    );
    const uploads = Object.entries(objects).map(
      ([objectName, content]) => [objectName, this.upload(name, container, objectName, content)] as const,
    );

    this.containerName = container.name;
    this.objectUrls =
      storageUrl === undefined
        ? undefined
        : Object.fromEntries(
            uploads.map(([objectName, { id }]) => [
              objectName,
              pulumi
                .all([storageUrl, container.name, id])
                .apply(([account, inContainer]) => objectUrl(account, inContainer, objectName)),
            ]),
          );
    this.registerOutputs({ containerName: this.containerName, objectUrls: this.objectUrls });
  }

  private upload(
    name: string,
    container: openstack.objectstorage.Container,
    objectName: string,
    { text, file, contentHash, contentType }: UploadedObject,
  ): openstack.objectstorage.ContainerObject {
    return new openstack.objectstorage.ContainerObject(
      `${name}-${objectName}-object`,
      {
        containerName: container.name,
        name: objectName,
        content: text,
        source: file,
        contentType,
        metadata: contentHash === undefined ? undefined : { "content-hash": contentHash },
      },
      // The provider's update sends the content only when text or path changed, and without it Swift empties the object.
      { parent: this, replaceOnChanges: ["content", "source", "contentType", "metadata"], deleteBeforeReplace: true },
    );
  }
}

/** The link of an object; every character that means something in a URL is encoded, but for the slashes of its name. */
export function objectUrl(storageUrl: string, containerName: string, objectName: string): string {
  const path = [containerName, ...objectName.split("/")].map(encodeURIComponent).join("/");
  return `${storageUrl.replace(/\/+$/, "")}/${path}`;
}

/** Everything wrong with the arguments of an {@link ObjectContainer}. */
function objectContainerProblems(name: string, args: ObjectContainerArgs): Problem[] {
  const { containerName = name, objects = {}, storageUrl } = args;
  const problems = [
    ...nameProblems("containerName", containerName, LONGEST_CONTAINER_NAME),
    ...Object.entries(objects).flatMap(([objectName, object]) =>
      under(`objects.${objectName}`, [...nameProblems("", objectName, LONGEST_OBJECT_NAME), ...objectProblems(object)]),
    ),
  ];
  if (containerName.includes("/"))
    problems.push({
      path: "containerName",
      reason: `"${containerName}" has a slash; only an object's name may have one`,
    });
  if (typeof storageUrl === "string")
    problems.push(...httpUrlProblems("storageUrl", storageUrl, "http://object-store.example.org/v1/AUTH_0123"));
  return problems;
}

function objectProblems({ text, file, contentHash }: UploadedObject): Problem[] {
  if ((text === undefined) === (file === undefined))
    return [{ path: "", reason: "needs either a text or a file, and not both" }];
  if (text === "")
    return [{ path: "text", reason: "is empty, and the provider cannot upload nothing; write something" }];
  if (text !== undefined && contentHash !== undefined)
    return [{ path: "contentHash", reason: "is for a file: a changed text is seen without it; leave it out" }];
  return file === undefined || isAbsolute(file)
    ? []
    : [{ path: "file", reason: `"${file}" is not an absolute path; begin it at the root` }];
}

function nameProblems(path: string, name: string, longest: number): Problem[] {
  const bytes = Buffer.byteLength(name, "utf8");
  if (bytes < 1 || bytes > longest) return [{ path, reason: `its name has ${bytes} bytes; use 1 to ${longest}` }];
  return /\p{Cc}/u.test(name) ? [{ path, reason: "its name has a control character; use plain text" }] : [];
}
