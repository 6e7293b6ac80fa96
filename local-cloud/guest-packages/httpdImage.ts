import { createHash } from "node:crypto";
import { chmod, copyFile, mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { execa } from "execa";
import { unpackPackages } from "../guest-images/rootFiles.ts";

const MANIFEST = "application/vnd.oci.image.manifest.v1+json";

/** As in Docker's image of the same name: https://hub.docker.com/_/httpd */
const documentRoot = "/usr/local/apache2/htdocs";

/**
 * Writes an OCI image layout (https://github.com/opencontainers/image-spec/blob/main/image-layout.md) with one image, "latest": a
 * stand-in for Docker's `httpd` that takes the same arguments, folders and port, but is busybox, 1 MB. What a lab does with it
 * therefore works with the real one on a real cloud.
 */
export async function makeHttpdImage(layout: string): Promise<void> {
  await mkdir(join(layout, "blobs/sha256"), { recursive: true });
  const tar = await makeLayer(`${layout}.root`);
  const layer = await addBlob(layout, gzipSync(tar), "application/vnd.oci.image.layer.v1.tar+gzip");
  const config = await addBlob(
    layout,
    json({
      architecture: "amd64",
      os: "linux",
      config: {
        Cmd: ["httpd-foreground"],
        Env: ["PATH=/usr/local/apache2/bin:/usr/local/bin:/usr/bin:/bin", "HTTPD_PREFIX=/usr/local/apache2"],
        ExposedPorts: { "80/tcp": {} },
        WorkingDir: "/usr/local/apache2",
      },
      rootfs: { type: "layers", diff_ids: [digest(tar)] },
    }),
    "application/vnd.oci.image.config.v1+json",
  );
  const manifest = await addBlob(
    layout,
    json({ schemaVersion: 2, mediaType: MANIFEST, config, layers: [layer] }),
    MANIFEST,
  );
  const named = { ...manifest, annotations: { "org.opencontainers.image.ref.name": "latest" } };
  await writeFile(join(layout, "index.json"), json({ schemaVersion: 2, manifests: [named] }));
  await writeFile(join(layout, "oci-layout"), json({ imageLayoutVersion: "1.0.0" }));
}

/** The root file system as a tar that is the same, byte by byte, each time it is made. */
async function makeLayer(root: string): Promise<Buffer> {
  await rm(root, { recursive: true, force: true });
  await unpackPackages(["busybox-static"], `${root}.busybox`);
  for (const folder of ["bin", "usr/local/bin", "usr/local/apache2", documentRoot, "tmp"])
    await mkdir(join(root, folder), { recursive: true, mode: 0o755 });
  const busybox = join(root, "bin/busybox");
  await copyFile(join(`${root}.busybox`, "bin/busybox"), busybox);
  await chmod(busybox, 0o755);
  const { stdout } = await execa(busybox, ["--list"]);
  for (const applet of stdout.split("\n").filter((name) => name !== "busybox"))
    await symlink("busybox", join(root, "bin", applet));
  const start = join(root, "usr/local/bin/httpd-foreground");
  await writeFile(start, `#!/bin/sh\nexec httpd -f -v -p 80 -h ${documentRoot}\n`);
  await chmod(start, 0o755);
  await writeFile(join(root, documentRoot, "index.html"), "<html><body><h1>It works!</h1></body></html>\n");
  const { stdout: tar } = await execa(
    "tar",
    ["-c", "-C", root, "--sort=name", "--mtime=@0", "--owner=0", "--group=0", "--numeric-owner", "."],
    { encoding: "buffer", maxBuffer: 64 * 1024 * 1024 },
  );
  for (const folder of [root, `${root}.busybox`]) await rm(folder, { recursive: true });
  return Buffer.from(tar);
}

async function addBlob(layout: string, content: Buffer, mediaType: string) {
  const name = digest(content);
  await writeFile(join(layout, "blobs", name.replace(":", "/")), content);
  return { mediaType, digest: name, size: content.length };
}

function digest(content: Buffer): string {
  return `sha256:${createHash("sha256").update(content).digest("hex")}`;
}

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}
