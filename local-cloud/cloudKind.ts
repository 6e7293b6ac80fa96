import { userInfo } from "node:os";
import { z } from "zod";
import { refuse } from "../terminal/userError.ts";
import { cloudVariable } from "./apiOnlyFlag.ts";

/**
 * A process works on one of two clouds, whose paths and ports are constants to it: the local cloud, with guests in a network of their
 * own, or the API-only cloud, whose APIs are as real but stand on the host's own 127.0.0.1 with nothing behind them.
 */
export const apiOnly = process.env[cloudVariable] === "api-only";

export const cloudTitle = apiOnly ? "the API-only cloud" : "the local cloud";

/** The name under which every OpenStack client finds it. */
export const cloudName = apiOnly ? "api-only" : "local";

/** What starts it. */
export const upCommand = apiOnly ? "npm run cloud -- up --api-only" : "npm start";

export const isRoot = process.getuid?.() === 0;

/** The account that its programs run under: root's for the local cloud, anybody's for the API-only cloud. */
export const account = userInfo().username;

/**
 * Added to OpenStack's usual ports, so that the clouds and their databases do not meet. CLASSROOM_API_ONLY_PORTS gives another one to
 * a second API-only cloud; the highest keeps all ports below those that Linux gives to outgoing connections (32768).
 */
export const portOffset = apiOnly ? readOffset(process.env["CLASSROOM_API_ONLY_PORTS"] ?? "10000") : 0;

function readOffset(text: string): number {
  const offset = z.coerce.number().int().min(1000).max(21_000).safeParse(text).data;
  refuse("the API-only cloud has no ports", [
    ...(offset === undefined ? [`CLASSROOM_API_ONLY_PORTS is "${text}": give a number from 1000 to 21000`] : []),
  ]);
  return offset ?? 0;
}
