import Table from "cli-table3";
import type { InstanceOutput } from "../course/studentOutputs.ts";

/** The end of `npm start`: what is there, how long it took, and what to do next. */
export function printReport(
  instances: Record<string, InstanceOutput>,
  phases: readonly (readonly [string, number])[],
): void {
  const table = new Table({ head: ["instance", "fixed IP", "floating IP", "URL"], style: { head: [], border: [] } });
  for (const [name, { fixedIp, floatingIp, url }] of Object.entries(instances))
    table.push([name, fixedIp, floatingIp ?? "–", url ?? "–"]);
  console.log(`\n${table.toString()}`);
  for (const [name, { sshCommand }] of Object.entries(instances))
    if (sshCommand !== null) console.log(`log in to ${name}:  ${sshCommand}`);
  // Cloud and state are root's, and so are the key pair and the entry of clouds.yaml.
  const rootNote =
    process.env["SUDO_USER"] === undefined
      ? ""
      : 'as root        these need root: all of the above; "sudo -s" opens a shell in which they work\n';
  console.log(`
look inside    npm run cloud -- status                        every service, its port and memory
               npm run cloud -- exec -- curl http://…         a command that reaches the floating IPs
               openstack --os-cloud local server list         the OpenStack client, from anywhere on this machine
change         edit Pulumi.dev.yaml, then:
               eval "$(npm run --silent env)"                 puts pulumi and its settings into this shell
               pulumi preview --stack dev                     what would change
               pulumi up --stack dev                          shows it again, asks, and does it
stop, go on    npm run stop                                   npm start
remove it all  npm run remove
${rootNote}
${phases.map(([name, seconds]) => `${name.toLowerCase()} ${Math.round(seconds)} s`).join(" · ")}`);
}
