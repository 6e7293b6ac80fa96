const BEGIN = "-----BEGIN SSH HOST KEY KEYS-----";
const END = "-----END SSH HOST KEY KEYS-----";

/**
 * The public host keys, `type base64`, that an instance wrote to its console. Printed at its first boot, and by some images at each; the
 * last ones hold.
 */
export function hostKeys(consoleLog: string): string[] {
  const end = consoleLog.lastIndexOf(END);
  const begin = consoleLog.lastIndexOf(BEGIN, end);
  const block = end < 0 || begin < 0 ? "" : consoleLog.slice(begin, end);
  // A console may put its own prefix before each line.
  const keys = block.matchAll(/((?:ssh|ecdsa)-[a-z0-9@.-]+ [A-Za-z0-9+/]{40,}=*)/g);
  return [...new Set(Array.from(keys, ([, key = ""]) => key))];
}
