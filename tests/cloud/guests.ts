import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { z } from "zod";
import { ensureSshKey } from "../../quickstart/sshKey.ts";
import { administrator, ProjectUser, until } from "./projectUser.ts";
import { given } from "./testStack.ts";

const Id = z.object({ id: z.string() });
const Ids = z.record(z.string(), z.array(Id));

/** A flat provider network, which only an administrator can make. */
export interface Outside {
  networkId: string;
  remove: () => Promise<void>;
}

export async function makeOutside(
  name: string,
  physicalNetwork: string,
  subnet: { cidr: string; gateway_ip: string; allocation_pools: { start: string; end: string }[] },
): Promise<Outside> {
  const admin = await administrator();
  const made = async (kind: string, properties: object) => {
    const answer = await admin.call("network", "POST", `/v2.0/${kind}s`, { [kind]: { name, ...properties } });
    return given(z.record(z.string(), Id).parse(answer)[kind], kind).id;
  };
  const networkId = await made("network", {
    "provider:network_type": "flat",
    "provider:physical_network": physicalNetwork,
    "router:external": true,
  });
  await made("subnet", { network_id: networkId, ip_version: 4, enable_dhcp: false, ...subnet });
  const remove = async () => {
    await (await administrator()).call("network", "DELETE", `/v2.0/networks/${networkId}`);
  };
  return { networkId, remove };
}

/** What a student has: a network with a router to the outside, and one cirros guest on it that answers ping, ssh and http. */
export interface Site {
  networkId: string;
  subnetId: string;
  routerId: string;
  /** Where the router meets the network. */
  routerPortId: string;
  fixedIp: string;
  floatingIp: string;
}

/** A project with a key pair and a security group that lets everything in; makes sites, and removes all it made. */
export class Classroom {
  readonly user: ProjectUser;
  readonly #keyFolder: string;
  readonly #securityGroup: string;

  private constructor(user: ProjectUser, keyFolder: string, securityGroup: string) {
    this.user = user;
    this.#keyFolder = keyFolder;
    this.#securityGroup = securityGroup;
  }

  static async open(name: string): Promise<Classroom> {
    const user = await ProjectUser.make(`${name}-${process.pid}`);
    const keyFolder = mkdtempSync(join(tmpdir(), `${name}-`));
    const keyFile = join(keyFolder, "key");
    await ensureSshKey(keyFile);
    const public_key = readFileSync(`${keyFile}.pub`, "utf8").trim();
    await user.make("compute", "/os-keypairs", "keypair", { name, public_key });
    const group = await user.makeId("network", "/v2.0/security-groups", "security_group", { name });
    for (const protocol of ["icmp", "tcp"])
      await user.make("network", "/v2.0/security-group-rules", "security_group_rule", {
        ...{ security_group_id: group, direction: "ingress", ethertype: "IPv4", protocol },
      });
    return new Classroom(user, keyFolder, group);
  }

  /** @param subnet further properties of the subnet, for example dns_nameservers */
  async site(name: string, cidr: string, outside: Outside, subnet = {}): Promise<Site> {
    const { user } = this;
    const make = (kind: string, properties: object) => user.makeId("network", `/v2.0/${kind}s`, kind, properties);
    const networkId = await make("network", { name });
    const subnetId = await make("subnet", { network_id: networkId, ip_version: 4, cidr, ...subnet });
    const routerId = await make("router", { name, external_gateway_info: { network_id: outside.networkId } });
    const { port_id: routerPortId } = z
      .object({ port_id: z.string() })
      .parse(
        await user.call("network", "PUT", `/v2.0/routers/${routerId}/add_router_interface`, { subnet_id: subnetId }),
      );
    const port = await user.make("network", "/v2.0/ports", "port", {
      ...{ network_id: networkId, security_groups: [this.#securityGroup] },
    });
    const { id: portId, fixed_ips } = z
      .object({ id: z.string(), fixed_ips: z.array(z.object({ ip_address: z.string() })) })
      .parse(port);
    const floating = await user.make("network", "/v2.0/floatingips", "floatingip", {
      ...{ floating_network_id: outside.networkId, port_id: portId },
    });
    await user.make("compute", "/servers", "server", {
      name,
      imageRef: await this.#idOf("image", "/v2/images?name=cirros", "images"),
      flavorRef: await this.#flavor(),
      key_name: this.user.name.replace(/-\d+$/, ""),
      networks: [{ port: portId }],
    });
    return {
      ...{ networkId, subnetId, routerId, routerPortId },
      fixedIp: given(fixed_ips[0], "fixed address").ip_address,
      floatingIp: z.string().parse(floating["floating_ip_address"]),
    };
  }

  /** Runs a command in the site's guest, through its floating IP. */
  async ssh({ floatingIp }: Site, command: string): Promise<{ exitCode: number; stdout: string }> {
    const options = ["BatchMode=yes", "ConnectTimeout=5", "StrictHostKeyChecking=no", "UserKnownHostsFile=/dev/null"];
    const { exitCode = 1, stdout } = await execa(
      "ip",
      [
        ...["netns", "exec", "classroom", "ssh", "-q", "-i", join(this.#keyFolder, "key")],
        ...[...options.flatMap((option) => ["-o", option]), `cirros@${floatingIp}`, command],
      ],
      { reject: false, stdin: "ignore", timeout: 20_000 },
    );
    return { exitCode, stdout };
  }

  /** Until it can be logged in to. */
  async ready(site: Site): Promise<void> {
    await until(`ssh to ${site.floatingIp}`, 120, async () => (await this.ssh(site, "true")).exitCode === 0);
  }

  async pings(from: Site, address: string): Promise<boolean> {
    return (await this.ssh(from, `ping -c 1 -W 2 ${address}`)).exitCode === 0;
  }

  async close(): Promise<void> {
    const { user } = this;
    const list = async (service: string, path: string, kinds: string) =>
      (Ids.parse({ [kinds]: (await this.#list(service, path))[kinds] })[kinds] ?? []).map(({ id }) => id);
    const servers = () => list("compute", "/servers", "servers");
    for (const id of await servers()) await user.call("compute", "DELETE", `/servers/${id}`);
    await until("guests deleted", 60, async () => (await servers()).length === 0);
    const mine = `project_id=${user.projectId}`;
    const neutron = (kind: string) => list("network", `/v2.0/${kind}?${mine}`, kind);
    const remove = async (kind: string, id: string) => user.call("network", "DELETE", `/v2.0/${kind}/${id}`);
    for (const id of await neutron("floatingips")) await remove("floatingips", id);
    for (const router of await neutron("routers")) {
      const ports = await list(
        "network",
        `/v2.0/ports?device_id=${router}&device_owner=network:router_interface`,
        "ports",
      );
      for (const port_id of ports)
        await user.call("network", "PUT", `/v2.0/routers/${router}/remove_router_interface`, { port_id });
      await remove("routers", router);
    }
    for (const id of await list("network", `/v2.0/ports?${mine}&device_owner=`, "ports")) await remove("ports", id);
    for (const id of await neutron("networks")) await remove("networks", id);
    await user.call("compute", "DELETE", `/os-keypairs/${user.name.replace(/-\d+$/, "")}`);
    await remove("security-groups", this.#securityGroup);
    await user.remove();
    rmSync(this.#keyFolder, { recursive: true });
  }

  async #list(service: string, path: string): Promise<Record<string, unknown>> {
    return z.record(z.string(), z.unknown()).parse(await this.user.call(service, "GET", path));
  }

  async #idOf(service: string, path: string, kinds: string): Promise<string> {
    const found = z.array(Id).parse((await this.#list(service, path))[kinds]);
    return given(found[0], `${service} ${path}`).id;
  }

  async #flavor(): Promise<string> {
    const flavors = z
      .array(Id.extend({ name: z.string() }))
      .parse((await this.#list("compute", "/flavors"))["flavors"]);
    return given(
      flavors.find(({ name }) => name === "m1.nano"),
      "flavor m1.nano",
    ).id;
  }
}
