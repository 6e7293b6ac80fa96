"""Horizon's settings: Debian's package as it is, then ours, from a JSON file.

Not through /etc/openstack-dashboard/local_settings.py, which belongs to the machine's administrator: an empty module takes its place.
"""
import json
import os
import sys
import types

sys.modules["local.local_settings"] = types.ModuleType("local.local_settings")

from openstack_dashboard.settings import *  # noqa: E402,F401,F403

with open(os.environ["CLASSROOM_HORIZON_SETTINGS"]) as file:
    globals().update(json.load(file))
