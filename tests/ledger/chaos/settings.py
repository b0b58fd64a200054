"""The product's settings with the chaos app added; every process of the run loads these."""

from aftersales.settings import *  # noqa: F403
from aftersales.settings import INSTALLED_APPS as SHIPPED

INSTALLED_APPS = [*SHIPPED, "tests.ledger.chaos.app.ChaosConfig"]
ROOT_URLCONF = "tests.ledger.chaos.urls"
ALLOWED_HOSTS = ["127.0.0.1"]
EMAIL_BACKEND = (
    "django.core.mail.backends.dummy.EmailBackend"  # customers are told of their refunds; nobody reads it here
)
