import { join } from "node:path";
import { quote } from "../program.ts";

/**
 * Command line of Neutron's Linux bridge agent as Debian's ebtables needs it; takes the same options as Debian's own. With -B,
 * because Python would leave a folder of its own in the checkout.
 */
export const linuxbridgeAgent = `/usr/bin/python3 -B ${quote(join(import.meta.dirname, "neutron-linuxbridge-agent"))}`;
