import { join } from "node:path";
import { quote } from "../program.ts";

/** Command line of Neutron's Linux bridge agent as Debian's ebtables needs it; takes the same options as Debian's own. */
export const linuxbridgeAgent = `/usr/bin/python3 ${quote(join(import.meta.dirname, "neutron-linuxbridge-agent"))}`;
