import { onOneCloud } from "../support/onOneCloud.ts";

/** The commands for a class, on the API-only cloud. */
export default onOneCloud("class", {
  // A rehearsal of seven minutes that says little that the others do not: `npm run test:class30`.
  exclude: process.env["CLASS_TEST_THIRTY"] === undefined ? ["tests/class/thirty.test.ts"] : [],
  testTimeout: 30 * 60_000,
});
