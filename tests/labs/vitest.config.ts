import { onOneCloud } from "../support/onOneCloud.ts";

/** Lab after lab on the local cloud. */
export default onOneCloud("labs");
