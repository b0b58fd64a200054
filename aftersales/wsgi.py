"""The web application that gunicorn serves."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "aftersales.settings")

application = get_wsgi_application()

# What was loaded lives as long as the process. Left out of every collection, it holds up no request for a sixth of a second.
gc.collect()
gc.freeze()
