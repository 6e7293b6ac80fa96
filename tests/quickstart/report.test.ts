import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { printReport } from "../../quickstart/report.ts";

const instances = {
  web1: {
    ...{ instanceId: "vm-1", fixedIp: "172.16.1.10", floatingIp: "10.5.117.101", url: "http://10.5.117.101/" },
    sshCommand: "ip netns exec classroom ssh -i ~/.ssh/classroom_dev ubuntu@10.5.117.101",
    consoleCommand: "openstack console log show vm-1",
    consoleUrlCommand: "npx classroom console-url vm-1",
  },
  web2: {
    ...{ instanceId: "vm-2", fixedIp: "172.16.1.11", floatingIp: null, url: null },
    ...{ sshCommand: null, consoleCommand: "openstack console log show vm-2" },
    consoleUrlCommand: "npx classroom console-url vm-2",
  },
};

let printed: string;
beforeEach(() => {
  printed = "";
  vi.stubEnv("SUDO_USER", undefined);
  vi.spyOn(console, "log").mockImplementation((text: string) => {
    printed += `${text}\n`;
  });
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const phases: [string, number][] = [
  ["Local cloud", 241.6],
  ["Stack dev", 30],
  ["All", 271.6],
];

it("tells addresses and commands, how to look inside, change, go on and remove, and how long it took", () => {
  printReport(instances, phases);
  expect(printed).toBe(`
┌──────────┬─────────────┬──────────────┬──────────────────────┐
│ instance │ fixed IP    │ floating IP  │ URL                  │
├──────────┼─────────────┼──────────────┼──────────────────────┤
│ web1     │ 172.16.1.10 │ 10.5.117.101 │ http://10.5.117.101/ │
├──────────┼─────────────┼──────────────┼──────────────────────┤
│ web2     │ 172.16.1.11 │ –            │ –                    │
└──────────┴─────────────┴──────────────┴──────────────────────┘
log in to web1:  ip netns exec classroom ssh -i ~/.ssh/classroom_dev ubuntu@10.5.117.101

look inside    npm run cloud -- status                        every service, its port and memory
               npm run cloud -- exec -- curl http://…         a command that reaches the floating IPs
               openstack --os-cloud local server list         the OpenStack client, from anywhere on this machine
change         edit Pulumi.dev.yaml, then:
               eval "$(npm run --silent env)"                 puts pulumi and its settings into this shell
               pulumi preview --stack dev                     what would change
               pulumi up --stack dev                          shows it again, asks, and does it
stop, go on    npm run stop                                   npm start
remove it all  npm run remove

local cloud 242 s · stack dev 30 s · all 272 s
`);
});

it("tells who came with sudo that the commands need root, in a line more", () => {
  printReport(instances, phases);
  const before = printed;
  printed = "";
  vi.stubEnv("SUDO_USER", "kim");
  printReport(instances, phases);
  const added = printed.split("\n").filter((line) => !before.split("\n").includes(line));
  expect(added).toEqual([
    'as root        these need root: all of the above; "sudo -s" opens a shell in which they work',
  ]);
});
