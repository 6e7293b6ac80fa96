import { onOneCloud } from "../support/onOneCloud.ts";

/** One student's stack, and a class in short, on the local cloud. */
export default onOneCloud("cloud");
