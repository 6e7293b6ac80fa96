import { describe, expect, it } from "vitest";
import { optionalServices } from "../../local-cloud/optionalServices.ts";
import { allPrograms, cloudPrograms } from "../../local-cloud/programs.ts";
import { newSecrets } from "../../local-cloud/secrets.ts";

const secrets = newSecrets();

/** One of the programs that there are with only these services, and what its files say, each by the end of its path. */
function program(name: string, ...services: string[]) {
  const chosen = optionalServices.filter((service) => services.includes(service.name));
  const found = allPrograms(cloudPrograms(secrets, chosen)).find((each) => each.name === name);
  if (found === undefined) throw new Error(`no program ${name}`);
  const { environment = {}, configFiles = [] } = found;
  const text = (end: string) => configFiles.find(({ path }) => path.endsWith(end))?.text ?? "";
  return { environment, text };
}

describe("vpn and fwaas", () => {
  it.each([
    [["vpn"], ["vpnaas"], ["vpnaas"], 1],
    [["fwaas"], ["firewall_v2"], ["fwaas_v2"], 1],
    [["vpn", "fwaas"], ["vpnaas", "firewall_v2"], ["vpnaas", "fwaas_v2"], 2],
  ])("%j plug in beside Neutron's own, alone and together", (services, plugins, extensions, providers) => {
    const server = program("neutron-server", ...services).text("neutron-server.conf");
    expect(server).toContain(`service_plugins = ${["router,qos,port_forwarding,trunk", ...plugins].join(",")}\n`);
    expect(server.match(/^service_provider = /gm)).toHaveLength(providers);
    const l3 = program("neutron-l3", ...services).text("neutron-l3.ini");
    expect(l3).toContain(`extensions = ${["port_forwarding", ...extensions].join(",")}\n`);
  });

  it("give the L3 agent what each needs, also together", () => {
    const { environment, text } = program("neutron-l3", "vpn", "fwaas");
    expect(environment["PATH"]).toMatch(/\/local-cloud\/vpn\/bin:\/usr\/sbin:/);
    expect(environment["PYTHONPATH"]).toMatch(/neutron-fwaas-[\d.]+$/);
    expect(program("neutron-server", "vpn", "fwaas").environment["PYTHONPATH"]).toBe(environment["PYTHONPATH"]);
    // A change of a template restarts the agent.
    expect(text("ipsec.conf.template")).toContain("uniqueids=never");
    expect(text("strongswan.conf.template")).toMatch(/kernel-libipsec kernel-netlink/);
  });

  it("leave Neutron as it is when they were not asked for", () => {
    expect(program("neutron-l3").environment).toEqual({});
    expect(program("neutron-l3").text("neutron-l3.ini")).toContain("extensions = port_forwarding\n");
  });
});

describe("swift", () => {
  it("looks at S3's signatures after authtoken, and at temporary URLs before it", () => {
    const proxy = program("swift-proxy", "swift").text("proxy-server.conf");
    const pipeline = /^pipeline = (.*)$/m.exec(proxy)?.[1]?.split(" ") ?? [];
    const order = ["tempurl", "authtoken", "s3api", "s3token", "keystoneauth", "staticweb", "proxy-server"];
    expect(pipeline.filter((name) => order.includes(name))).toEqual(order);
    // Each but the last, which is the application, has a section of its own.
    for (const name of pipeline.slice(0, -1)) expect(proxy).toContain(`[filter:${name}]\n`);
  });

  it("lists an object before its writer hears of it, and sooner than the proxy gives up", () => {
    const config = program("swift-object", "swift").text("object-server.conf");
    const [, server = ""] = /^\[app:object-server\]\n((?:.+\n)*)/m.exec(config) ?? [];
    const seconds = (name: string) => Number(new RegExp(`^${name} = (\\d+)$`, "m").exec(server)?.[1]);
    // Of the proxy: https://docs.openstack.org/swift/latest/config/proxy_server_config.html, node_timeout.
    expect(seconds("container_update_timeout")).toBeLessThan(10);
    // Otherwise the update is given up while the writer still waits for it.
    expect(seconds("node_timeout")).toBeGreaterThanOrEqual(seconds("container_update_timeout"));
    expect(seconds("container_update_timeout")).toBeGreaterThan(seconds("conn_timeout"));
  });

  it("catches up on what a container server missed while it was down", () => {
    expect(program("swift-object-updater", "swift").text("object-server.conf")).toContain("[object-updater]\n");
    expect(program("swift-container-updater", "swift").text("container-server.conf")).toContain(
      "[container-updater]\n",
    );
  });
});

describe("octavia", () => {
  it("has keys of its own for each purpose, the one for certificates with 32 characters", () => {
    const config = program("octavia-api", "octavia").text("octavia.conf");
    const value = (name: string) => new RegExp(`^${name} = (.*)$`, "m").exec(config)?.[1] ?? "";
    const names = ["server_certs_key_passphrase", "ca_private_key_passphrase", "heartbeat_key"];
    expect(value("server_certs_key_passphrase")).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(names.map((name) => value(name).slice(0, 32))).size).toBe(3);
    expect(config).not.toContain(secrets.keys.octavia);
  });

  it("moves no data, and says so to whoever asks for the cloud's status", () => {
    const config = program("octavia-worker", "octavia").text("octavia.conf");
    for (const part of ["amphora", "compute", "volume", "image"])
      expect(config).toContain(`${part}_driver = ${part}_noop_driver`);
    const { note, description } = optionalServices.find(({ name }) => name === "octavia") ?? {};
    expect(note).toContain("no-op");
    expect(description).toContain("no traffic");
  });
});

describe("heat", () => {
  const { text } = program("heat-api", "heat");
  const config = text("heat.conf");

  it("takes a whole class in one stack", () => {
    expect(config).toMatch(/^max_resources_per_stack = -1$/m);
  });

  it("has a key of the one length that it takes, and another password for the users of templates", () => {
    const value = (name: string) => new RegExp(`^${name} = (.*)$`, "m").exec(config)?.[1] ?? "";
    expect(value("auth_encryption_key")).toMatch(/^[0-9a-f]{32}$/);
    expect(value("stack_domain_admin_password")).toMatch(/^[0-9a-f]{64}$/);
    expect(value("stack_domain_admin_password")).not.toContain(value("auth_encryption_key"));
  });

  it("leaves the project to the trust that it acts by: with another one beside it no stack can be changed", () => {
    const section = /^\[trustee\]\n((?:.+\n)*)/m.exec(config)?.[1] ?? "";
    expect(section).toContain("username = heat\n");
    expect(section).not.toContain("project");
  });

  it("reads nothing of Debian's folder, which is closed to all but root", () => {
    expect(config).not.toMatch(/= \/etc\//);
    for (const name of ["environment_dir", "template_dir", "api_paste_config"])
      expect(config).toMatch(new RegExp(`^${name} = /`, "m"));
    // Every part of the pipeline is there.
    const paste = text("api-paste.ini");
    const parts = /^pipeline = (.*)$/m.exec(paste)?.[1]?.split(" ") ?? [];
    expect(parts.length).toBeGreaterThan(5);
    for (const part of parts) expect(paste).toMatch(new RegExp(`^\\[(filter|app):${part}\\]$`, "m"));
  });
});
