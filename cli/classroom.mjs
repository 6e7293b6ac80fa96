#!/usr/bin/env node
// @ts-check
// The command `classroom`, as `npx classroom` starts it: with the system's own Node, in a clone where nothing is installed yet.
import { fileURLToPath } from "node:url";

process.argv.splice(2, 0, "node", fileURLToPath(new URL("main.ts", import.meta.url)));
await import("../bootstrap.mjs");
