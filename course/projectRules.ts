import type { ResourceRule } from "./effect.ts";
import { ownName } from "./resourceName.ts";
import type { ResourceChange } from "./resourceChange.ts";
import { numberOf } from "./stateValues.ts";

const project: ResourceRule = {
  label: "project",
  name: (change) => ownName({ ...change, new: undefined }),
  holds: () => "project",
  update: (thing) => ({ what: `${thing} is changed; everything in it stays`, impact: "changed" }),
  replace: (thing) => ({ what: `${thing} is deleted with everything in it, and made anew`, impact: "rebuilt" }),
  delete: (thing) => ({ what: `${thing} is deleted with everything in it`, impact: "reduced" }),
};

const user: ResourceRule = {
  label: "user",
  name: (change) => ownName(change),
  update: (thing, { changed }) =>
    changed.includes("password")
      ? { what: `${thing} gets another password; the old one no longer works`, impact: "interrupted", told: true }
      : { what: `${thing} is changed and can still log in`, impact: "changed" },
  replace: (thing) => ({
    what: `${thing} is deleted and made anew: logins end, and key pairs and application credentials of its own are gone`,
    impact: "interrupted",
  }),
  delete: (thing) => ({ what: `${thing} is deleted and can no longer log in`, impact: "reduced" }),
};

const role: ResourceRule = {
  label: "role",
  partOf: ["openstack:identity/user:User"],
  create: () => ({ what: "a role in the project is given", impact: "changed" }),
  replace: () => ({ what: "a role in the project is taken and given anew", impact: "changed" }),
  delete: () => ({ what: "a role in the project is taken away", impact: "changed" }),
};

function quotas(label: string): ResourceRule {
  return {
    label,
    name: () => "",
    partOf: ["openstack:identity/project:Project"],
    update: (thing, change) => ({
      what: `${thing} ${differences(change)}; what is there stays`,
      impact: "changed",
      told: true,
    }),
    replace: (thing) => ({ what: `${thing} are set anew`, impact: "changed" }),
    delete: (thing) => ({ what: `${thing} are no longer set by the lab`, impact: "changed" }),
  };
}

/** For example `change: instances 5 → 6`. */
function differences({ changed, old, new: after }: ResourceChange): string {
  const said = changed.flatMap((input) => {
    const [before, wanted] = [numberOf(old, input), numberOf(after, input)];
    return before === undefined || wanted === undefined ? [] : [`${input} ${before} → ${wanted}`];
  });
  return said.length === 0 ? "change" : `change: ${said.join(", ")}`;
}

const group: ResourceRule = {
  label: "group",
  name: (change) => ownName(change),
  replace: (thing) => ({ what: `${thing} is deleted and made anew, with the same members`, impact: "changed" }),
  delete: (thing) => ({ what: `${thing} is deleted`, impact: "reduced" }),
};

/** Projects, logins and quotas. */
export const PROJECT_RULES: Record<string, ResourceRule> = {
  "openstack:identity/project:Project": project,
  "openstack:identity/user:User": user,
  "openstack:identity/roleAssignment:RoleAssignment": role,
  "openstack:identity/groupV3:GroupV3": group,
  "openstack:identity/userMembershipV3:UserMembershipV3": {
    label: "membership",
    partOf: ["openstack:identity/groupV3:GroupV3", "openstack:identity/user:User"],
  },
  "openstack:compute/quotaSetV2:QuotaSetV2": quotas("compute quotas"),
  "openstack:networking/quotaV2:QuotaV2": quotas("network quotas"),
  "openstack:blockstorage/quoteSetV3:QuoteSetV3": quotas("volume quotas"),
};
