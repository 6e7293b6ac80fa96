/**
 * How long the provider waits for Neutron before it gives up. Its own default is 10 minutes; an object that takes longer than 5 on a
 * working cloud is stuck, and the student should hear of it sooner.
 */
export const NETWORK_TIMEOUTS = { create: "5m", update: "5m", delete: "5m" };

/** For objects whose creation is one call, where the provider waits only for the deletion. */
export const DELETE_TIMEOUT = { delete: NETWORK_TIMEOUTS.delete };
