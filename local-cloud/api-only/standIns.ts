import { availableParallelism } from "node:os";
import { join } from "node:path";
import { login } from "../config/shared.ts";
import type { OptionalService } from "../optionalService.ts";
import { ports } from "../ports.ts";

/** Neutron's mechanism driver, found by its entry point. */
const library = join(import.meta.dirname, "python");

/**
 * What makes an API-only cloud of the core: Nova's own driver for tests in place of a hypervisor, and a mechanism driver in place of
 * Neutron's agents.
 */
export const standIns: OptionalService = {
  name: "stand-ins",
  description: "APIs without guests",
  debianPackages: [],
  nova: () => ({
    DEFAULT: {
      osapi_compute_listen_port: ports.compute,
      // Nova's own, https://opendev.org/openstack/nova/src/branch/stable/zed/nova/virt/fake.py, with what nova-compute-without-guests
      // adds: one host of 1000 processors and 800 GB.
      compute_driver: "fake.DriverWithMemory",
      // Two servers of 8 GiB for each of 500 students.
      ram_allocation_ratio: "16.0",
      reserved_host_memory_mb: 0,
      // Nobody plugs anything in.
      vif_plugging_timeout: 0,
      vif_plugging_is_fatal: false,
    },
  }),
  neutron: (secrets) => ({
    server: {
      // Where Neutron counts the addresses of the provider networks.
      placement: login("neutron", secrets),
      DEFAULT: {
        // A class is made at once, and four fifths of the work are Neutron's.
        api_workers: availableParallelism(),
        dhcp_agent_notification: false,
      },
      // The first one asked binds every port; the second is there for what it offers beside that: trunks, kinds of QoS.
      ml2: { mechanism_drivers: "every-port-wired,linuxbridge" },
      // Of whatever name, so that several may rehearse side by side.
      ml2_type_flat: { flat_networks: "*" },
      ml2_type_vxlan: { vni_ranges: "1:16000" },
    },
    // Python would leave a folder of its own in the checkout.
    environment: { PYTHONPATH: library, PYTHONDONTWRITEBYTECODE: "1" },
  }),
};
