"""gunicorn's door to the floor."""

import os

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.desk_parts.floor.settings"

from django.core.wsgi import get_wsgi_application

application = get_wsgi_application()
