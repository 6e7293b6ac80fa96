import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ObjectContainer, objectUrl, type ObjectContainerArgs } from "../../components/objectContainer.ts";
import { mockCloud, TYPES, valueOf, type MockCloud } from "../support/mockCloud.ts";

let cloud: MockCloud;
beforeEach(async () => {
  cloud = await mockCloud();
});
afterEach(() => cloud.drain());

describe("ObjectContainer", () => {
  it("is private, empty and not deleted with what others put into it", async () => {
    const container = new ObjectContainer("pics", {});
    expect(await valueOf(container.containerName)).toBe("pics");
    expect(container.objectUrls).toBeUndefined();
    expect(cloud.registrations.map(({ type }) => type)).toEqual(["classroom:index:ObjectContainer", TYPES.container]);
    expect(cloud.only(TYPES.container)).toEqual({ name: "pics", containerRead: "", forceDestroy: false });
  });

  it("lets everybody read, and says no more than that", async () => {
    new ObjectContainer("pics", { publicRead: true, containerName: "public pics", forceDestroy: true });
    await cloud.drain();
    expect(cloud.only(TYPES.container)).toEqual({ name: "public pics", containerRead: ".r:*", forceDestroy: true });
  });

  it("uploads texts and files, and links to them", async () => {
    const container = new ObjectContainer("pics", {
      storageUrl: "http://127.0.0.1:8080/v1/AUTH_1/",
      objects: {
        "notes/first day.html": { text: "<p>hello</p>", contentType: "text/html" },
        "plan.png": { file: "/srv/plan.png", contentHash: "abc" },
      },
    });
    const urls = await Promise.all(Object.entries(container.objectUrls ?? {}).map(async ([, url]) => valueOf(url)));
    expect(urls).toEqual([
      "http://127.0.0.1:8080/v1/AUTH_1/pics/notes/first%20day.html",
      "http://127.0.0.1:8080/v1/AUTH_1/pics/plan.png",
    ]);
    expect(cloud.named(TYPES.containerObject, "pics-notes/first day.html-object")).toEqual({
      containerName: "pics",
      name: "notes/first day.html",
      content: "<p>hello</p>",
      contentType: "text/html",
    });
    expect(cloud.named(TYPES.containerObject, "pics-plan.png-object")).toEqual({
      containerName: "pics",
      name: "plan.png",
      source: "/srv/plan.png",
      metadata: { "content-hash": "abc" },
    });
  });

  it("encodes what means something in a URL", () => {
    expect(objectUrl("http://host/v1/AUTH_1", "a b?", "김/1#2%.txt")).toBe(
      "http://host/v1/AUTH_1/a%20b%3F/%EA%B9%80/1%232%25.txt",
    );
  });

  it.each<[ObjectContainerArgs, string]>([
    [{ containerName: "a/b" }, 'containerName: "a/b" has a slash'],
    [{ containerName: "" }, "containerName: its name has 0 bytes; use 1 to 256"],
    [{ containerName: "김".repeat(86) }, "its name has 258 bytes; use 1 to 256"],
    [{ containerName: "a\nb" }, "its name has a control character"],
    [{ storageUrl: "host:8080" }, 'storageUrl: "host:8080" is not an http:// or https:// URL'],
    [{ objects: { a: {} } }, "objects.a: needs either a text or a file, and not both"],
    [{ objects: { a: { text: "x", file: "/x" } } }, "objects.a: needs either a text or a file, and not both"],
    [{ objects: { a: { text: "" } } }, "objects.a.text: is empty"],
    [{ objects: { a: { text: "x", contentHash: "1" } } }, "objects.a.contentHash: is for a file"],
    [{ objects: { a: { file: "plan.png" } } }, 'objects.a.file: "plan.png" is not an absolute path'],
    [{ objects: { ["x".repeat(1025)]: { text: "x" } } }, "its name has 1025 bytes; use 1 to 1024"],
  ])("refuses %o and registers nothing", async (wrong, reason) => {
    expect(() => new ObjectContainer("pics", wrong)).toThrow(reason);
    await cloud.drain();
    expect(cloud.registrations).toEqual([]);
  });
});
