"""gunicorn's door to the peer."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.desk_parts.peer.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
