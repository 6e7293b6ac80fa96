import * as openstack from "@pulumi/openstack";
import * as pulumi from "@pulumi/pulumi";
import { cloudSettings } from "../../../openstack/cloudSettings.ts";
import { OUTSIDE, STUDENT, studentName } from "../../student.ts";

/** As a user of Pulumi would write it: one program, one stack, all students in a loop. */
const config = new pulumi.Config();
const students = config.requireNumber("students");
const variant = config.require("variant");
const { authUrl } = cloudSettings(new pulumi.Config("openstack").require("cloud"));

const outside = openstack.networking.getNetworkOutput({ name: OUTSIDE.name, external: true });
const memberRole = openstack.identity.getRoleOutput({ name: STUDENT.role });
const seed = config.requireSecret("passwordSeed");

for (let index = 1; index <= students; index += 1) student(studentName(variant, index));

function student(name: string): void {
  const project = new openstack.identity.Project(name, { name });
  const password = pulumi.interpolate`${seed}-${name}`;
  const user = new openstack.identity.User(name, { name, password, defaultProjectId: project.id });
  const member = new openstack.identity.RoleAssignment(name, {
    ...{ projectId: project.id, userId: user.id, roleId: memberRole.id },
  });
  const { instances, cores, ramMiB } = STUDENT.computeQuota;
  const compute = new openstack.compute.QuotaSetV2(name, { projectId: project.id, instances, cores, ram: ramMiB });
  const { networks, subnets, routers, ports, floatingIps, securityGroups, securityGroupRules } = STUDENT.networkQuota;
  const networking = new openstack.networking.QuotaV2(name, {
    ...{ projectId: project.id, network: networks, subnet: subnets, router: routers, port: ports },
    ...{ floatingip: floatingIps, securityGroup: securityGroups, securityGroupRule: securityGroupRules },
  });

  const provider = new openstack.Provider(
    name,
    { cloud: "", authUrl, userName: name, password, tenantId: project.id, userDomainName: "Default" },
    { dependsOn: [member, compute, networking] },
  );
  const own = { provider };
  const network = new openstack.networking.Network(name, { name: "lan" }, own);
  const subnet = new openstack.networking.Subnet(
    name,
    { name: "lan", networkId: network.id, cidr: STUDENT.cidr, dnsNameservers: [...STUDENT.dns] },
    own,
  );
  const router = new openstack.networking.Router(name, { name: "router", externalNetworkId: outside.id }, own);
  const joined = new openstack.networking.RouterInterface(name, { routerId: router.id, subnetId: subnet.id }, own);
  const group = new openstack.networking.SecGroup(name, { name: "web" }, own);
  for (const rule of STUDENT.rules)
    new openstack.networking.SecGroupRule(
      `${name}-${rule.name}`,
      {
        ...{ securityGroupId: group.id, direction: "ingress", ethertype: "IPv4", protocol: rule.protocol },
        ...("port" in rule ? { portRangeMin: rule.port, portRangeMax: rule.port } : {}),
        remoteIpPrefix: "0.0.0.0/0",
      },
      own,
    );
  const keyPair = new openstack.compute.Keypair(name, { name: "key", publicKey: STUDENT.publicKey }, own);
  const port = new openstack.networking.Port(
    name,
    {
      ...{ name: "web1", networkId: network.id, securityGroupIds: [group.id] },
      fixedIps: [{ subnetId: subnet.id, ipAddress: STUDENT.fixedIp }],
    },
    own,
  );
  const { image: imageName, flavor: flavorName } = STUDENT;
  new openstack.compute.Instance(
    name,
    { name: "web1", imageName, flavorName, keyPair: keyPair.name, networks: [{ port: port.id }] },
    own,
  );
  new openstack.networking.FloatingIp(name, { pool: OUTSIDE.name, portId: port.id }, { ...own, dependsOn: [joined] });
}
