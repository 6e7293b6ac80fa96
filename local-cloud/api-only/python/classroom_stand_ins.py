"""Stands in for Neutron's agents where there are none: what they would report is said at once, and nothing is wired."""
from neutron_lib import constants
from neutron_lib.api.definitions import portbindings
from neutron_lib.callbacks import events, registry, resources
from neutron_lib.plugins import constants as plugin_types
from neutron_lib.plugins import directory
from neutron_lib.plugins.ml2 import api


class EveryPortWired(api.MechanismDriver):
    """Binds any port on any host and calls it ACTIVE; a floating IP is ACTIVE while it has a port."""

    def initialize(self):
        for event in (events.AFTER_CREATE, events.AFTER_UPDATE):
            registry.subscribe(self._floating_ip_changed, resources.FLOATING_IP, event)

    @property
    def connectivity(self):
        return portbindings.CONNECTIVITY_L2

    def bind_port(self, context):
        segment = context.segments_to_bind[0]
        details = {portbindings.CAP_PORT_FILTER: True}
        context.set_binding(segment[api.ID], portbindings.VIF_TYPE_BRIDGE, details, constants.PORT_STATUS_ACTIVE)

    def _floating_ip_changed(self, resource, event, trigger, payload):
        has_port = payload.latest_state["port_id"]
        status = constants.FLOATINGIP_STATUS_ACTIVE if has_port else constants.FLOATINGIP_STATUS_DOWN
        if payload.latest_state["status"] != status:
            router = directory.get_plugin(plugin_types.L3)
            router.update_floatingip_status(payload.context.elevated(), payload.resource_id, status)
