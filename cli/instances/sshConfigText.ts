import { type SshHost, sshOptions, type SshSurroundings } from "./sshHosts.ts";

/** An ssh_config for a class. */
export function sshConfigText(course: string, hosts: readonly SshHost[], around: SshSurroundings): string {
  const head = `# Hosts of the course ${comment(course)}, by \`classroom ssh-config\`: it is written anew each time.`;
  return `${[head, ...hosts.map((host) => hostText(host, around))].join("\n\n")}\n`;
}

function hostText(host: SshHost, around: SshSurroundings): string {
  const { student, studentName, instance, aliases, address } = host;
  const lines: [string, string][] = [["HostName", address], ...sshOptions(host, around)];
  return [
    `# ${comment(studentName)} (${student}), ${instance}`,
    `Host ${aliases.join(" ")}`,
    ...lines.map(([key, value]) => `  ${key} ${value}`),
  ].join("\n");
}

/** Names are text of others: whatever could end a line becomes a space. */
function comment(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, " ").trim();
}
