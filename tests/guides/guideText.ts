/** A fenced block of a Markdown file. */
export interface Block {
  language: string;
  text: string;
}

export function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```(\w+)\n(.*?)^```$/gms)].map(([, language = "", text = ""]) => ({ language, text }));
}

/** The commands of a guide, a line each. */
export function commandsOf(markdown: string): string[] {
  return blocksOf(markdown)
    .filter(({ language }) => language === "sh")
    .flatMap(({ text }) => text.trim().split("\n"));
}

/** Files that a Markdown file leads to, relative to it; links to the web are left out. */
export function linksOf(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^https?:/.test(target));
}

/** Paths of a lab document that a text speaks of, such as `student.networks.mynet`. */
export function pathsOf(markdown: string): string[] {
  return [...markdown.matchAll(/`((?:class|student)\.[\w.-]+)`/g)].map(([, path = ""]) => path);
}

/** Words that `openstack` knows before the name of a thing. */
const VERBS = /^(create|set|unset|show|list|delete|add|remove|start|stop|reboot)$/;

/** Options of `openstack` that stand alone. */
const FLAGS = new Set(
  [
    ...["external", "internal", "share", "no-share", "no-dhcp", "dhcp", "ingress", "egress", "wait", "long", "names"],
    ...["bootable", "public", "force", "hard", "novnc", "password-prompt", "compute"],
  ].map((name) => `--${name}`),
);

/** Options whose value is the name of something that the lab has. */
const NAMING = new Set(
  [
    ...["network", "router", "security-group", "key-name", "flavor", "image", "volume", "snapshot", "project"],
    ...["external-gateway", "availability-zone", "zone", "provider-physical-network", "group", "os-project-name"],
    ...["vip-subnet-id", "listener", "firewall-rule", "ingress-firewall-policy", "egress-firewall-policy", "name"],
  ].map((name) => `--${name}`),
);

/** The names of things in an `openstack` command: what it is about, and the values of options that take a name. */
export function namesIn(command: string): string[] {
  const start = command.search(/\bopenstack (?!.*\bopenstack )/);
  if (start < 0 || command.includes("openstack/main.ts")) return [];
  const words = (command.slice(start).match(/"[^"]*"|\S+/g) ?? []).slice(1);
  const names: string[] = [];
  let seenVerb = false;
  for (let index = 0; index < words.length; index++) {
    const word = (words[index] ?? "").replace(/\)$/, "");
    if (/^[|>&]/.test(word)) break;
    if (word.startsWith("-")) {
      if (FLAGS.has(word)) continue;
      index++;
      if (NAMING.has(word)) names.push(words[index] ?? "");
    } else if (VERBS.test(word)) seenVerb = true;
    else if (seenVerb) names.push(word);
  }
  return names.filter((name) => !name.startsWith("$"));
}
