import { onOneCloud } from "../support/onOneCloud.ts";

/** Both clouds' own life, their optional services, and classes whose state lies on them. */
export default onOneCloud("services");
