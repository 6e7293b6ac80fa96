import type { Fault } from "../../cloud-proxy/faultSchedule.ts";

/** What becomes of one request, once, that changes something. */
export const LOST_ANSWERS: Readonly<Record<string, Fault>> = {
  "reset after the cloud accepted it": { kind: "reset", accepted: true },
  "503 after the cloud accepted it": { kind: "status", status: 503, accepted: true },
  "half a body": { kind: "truncated" },
  "reset before the cloud hears of it": { kind: "reset" },
  "502 before the cloud hears of it": { kind: "status", status: 502 },
};
