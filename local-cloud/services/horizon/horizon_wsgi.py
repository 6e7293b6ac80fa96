"""Horizon for uwsgi, with its policies read before the first request: a half-read policy would show to the requests of other threads."""
from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()

from openstack_auth import policy  # noqa: E402

for enforcer in policy._get_enforcer().values():
    enforcer.load_rules()
