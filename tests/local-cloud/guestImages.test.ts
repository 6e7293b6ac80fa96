import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { guestImages } from "../../local-cloud/guest-images/guestImages.ts";
import { uploadImage } from "../../local-cloud/guest-images/imageUpload.ts";
import { filesBelow, recipeHash } from "../../local-cloud/guest-images/recipe.ts";

const recipes = join(import.meta.dirname, "../../local-cloud/guest-images");

describe("the recipes", () => {
  it("give each image a name of its own", () => {
    expect(guestImages.map(({ name }) => name)).toEqual(["cirros", "debian-12"]);
  });

  it("have a hash that depends on what is in them, not on the order", async () => {
    const hash = await recipeHash(["kernel.ts", "kernel"]);
    expect(hash).toMatch(/^[0-9a-f]{12}$/);
    expect(await recipeHash(["kernel", "kernel.ts"])).toBe(hash);
    expect(await recipeHash(["kernel", "kernel.ts", "cirros"])).not.toBe(hash);
  });

  it("contain shell scripts that parse", async () => {
    const files = (await Promise.all(["kernel", "cirros", "debian-12"].map(filesBelow))).flat();
    const scripts = files.filter((file) => readFileSync(join(recipes, file), "utf8").startsWith("#!/bin/sh"));
    expect(scripts.length).toBeGreaterThan(5);
    for (const script of scripts) execFileSync("sh", ["-n", join(recipes, script)]);
  });
});

/** A Glance that knows what the `openstack image …` commands of an upload ask for and do. */
class FakeGlance {
  readonly images = new Map<
    string,
    { name: string; status: string; properties: Record<string, string>; hidden: boolean }
  >();
  readonly changes: string[] = [];

  add(id: string, name: string, recipe: string, status = "active"): void {
    this.images.set(id, { name, status, properties: { classroom_recipe: recipe }, hidden: false });
  }

  readonly openstack = (args: string[]): Promise<string> => {
    const [, command = "", ...rest] = args;
    const last = rest.at(-1) ?? "";
    const option = (name: string) => rest[rest.indexOf(name) + 1] ?? "";
    if (command === "list") {
      const found = [...this.images].filter(([, { name }]) => name === option("--name"));
      return Promise.resolve(JSON.stringify(found.map(([ID, { status: Status }]) => ({ ID, Status }))));
    }
    if (command === "show") return Promise.resolve(JSON.stringify(this.images.get(rest[0] ?? "")));
    this.changes.push(`${command} ${last}`);
    if (command === "delete") this.images.delete(last);
    if (command === "set") {
      const image = this.images.get(last);
      if (image) {
        image.name = option("--name");
        image.hidden = rest.includes("--hidden");
      }
    }
    if (command === "create") {
      const properties: Record<string, string> = {};
      for (const [index, word] of rest.entries()) {
        const [, key = "", value = ""] = /^(.*?)=(.*)$/.exec(rest[index + 1] ?? "") ?? [];
        if (word === "--property") properties[key] = value;
      }
      this.images.set(`id of ${last}`, { name: last, status: "active", properties, hidden: false });
      return Promise.resolve(`id of ${last}\n`);
    }
    return Promise.resolve("");
  };

  named(name: string): string[] {
    return [...this.images].filter(([, image]) => image.name === name && !image.hidden).map(([id]) => id);
  }
}

describe("uploading", () => {
  const upload = {
    name: "tiny",
    loginUser: "student",
    distribution: { name: "debian", version: "12" },
    minRamMiB: 128,
    minDiskGiB: 1,
    hash: "new",
    kernelCommandLine: "root=/dev/vda rw",
    files: { kernel: "/k", initramfs: "/i", disk: "/d" },
  };

  it("makes the image with its kernel and tells how to log in", async () => {
    const glance = new FakeGlance();
    await uploadImage(glance.openstack, upload);
    const [id = ""] = glance.named("tiny");
    expect(glance.images.get(id)?.properties).toMatchObject({
      kernel_id: "id of tiny-kernel",
      ramdisk_id: "id of tiny-ramdisk",
      os_command_line: "root=/dev/vda rw",
      login_user: "student",
      os_distro: "debian",
    });
  });

  it("changes nothing the second time", async () => {
    const glance = new FakeGlance();
    await uploadImage(glance.openstack, upload);
    glance.changes.length = 0;
    await uploadImage(glance.openstack, upload);
    expect(glance.changes).toEqual([]);
  });

  it("gives the name to the image of a new recipe, and keeps the old one for its instances", async () => {
    const glance = new FakeGlance();
    glance.add("old", "tiny", "old");
    await uploadImage(glance.openstack, upload);
    expect(glance.named("tiny")).toEqual(["id of tiny (new)"]);
    expect(glance.images.get("old")).toMatchObject({ name: "tiny (replaced, old)", hidden: true });
    // Until all of the new one is there, the old one keeps the name.
    expect(glance.changes.indexOf("set old")).toBeGreaterThan(glance.changes.indexOf("create tiny (new)"));
  });

  it("goes on after an upload that was cut short", async () => {
    const glance = new FakeGlance();
    glance.add("torn", "tiny", "new", "saving");
    await uploadImage(glance.openstack, upload);
    expect(glance.images.has("torn")).toBe(false);
    expect(glance.named("tiny")).toEqual(["id of tiny (new)"]);
  });

  it("takes the name from the old image when it was cut short between the two", async () => {
    const glance = new FakeGlance();
    glance.add("current", "tiny", "new");
    glance.add("old", "tiny", "old");
    await uploadImage(glance.openstack, upload);
    expect(glance.named("tiny")).toEqual(["current"]);
  });
});
