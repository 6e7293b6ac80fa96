import { novaConfig, novaDatabaseConfig, novaOptions } from "../config/nova.ts";
import type { OptionalService } from "../optionalService.ts";
import { quote } from "../program.ts";

const port = 6080;

/** Instances' screens in the browser, through https://novnc.com. */
export const novnc: OptionalService = {
  name: "novnc",
  description: "consoles: an instance's screen and keyboard in the browser",
  note: "an instance that was started before it came has no screen until it is restarted: openstack server reboot --hard",
  debianPackages: ["nova-consoleproxy", "novnc"],
  hostPorts: [port],
  nova: () => ({
    vnc: {
      enabled: true,
      server_listen: "127.0.0.1",
      server_proxyclient_address: "127.0.0.1",
      novncproxy_host: "127.0.0.1",
      novncproxy_port: port,
      novncproxy_base_url: `http://127.0.0.1:${port}/vnc_lite.html`,
    },
  }),
  programs: (secrets, services) => ({
    others: [
      {
        name: "nova-novncproxy",
        command: ["/usr/bin/nova-novncproxy", ...novaOptions.map(quote), "--web /usr/share/novnc"].join(" "),
        where: "inside",
        port,
        // It looks up in the database where a console's token leads.
        configFiles: [novaConfig(secrets, services), novaDatabaseConfig(secrets)],
      },
    ],
  }),
};
