/** Types of what an administrator makes. */
export const ADMIN_TYPES = {
  project: "openstack:identity/project:Project",
  user: "openstack:identity/user:User",
  role: "openstack:identity/roleAssignment:RoleAssignment",
  group: "openstack:identity/groupV3:GroupV3",
  membership: "openstack:identity/userMembershipV3:UserMembershipV3",
  computeQuotas: "openstack:compute/quotaSetV2:QuotaSetV2",
  networkQuotas: "openstack:networking/quotaV2:QuotaV2",
  volumeQuotas: "openstack:blockstorage/quoteSetV3:QuoteSetV3",
  flavor: "openstack:compute/flavor:Flavor",
  flavorAccess: "openstack:compute/flavorAccess:FlavorAccess",
  aggregate: "openstack:compute/aggregateV2:AggregateV2",
  image: "openstack:images/image:Image",
} as const;
