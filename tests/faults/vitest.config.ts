import { onOneCloud } from "../support/onOneCloud.ts";

/** A class through the proxy that makes its cloud fail. */
export default onOneCloud("faults", { globalSetup: "tests/faults/soundClass.ts", testTimeout: 30 * 60_000 });
