"""The product's settings with the least that a signed-in page needs. Reads the same database."""

from aftersales.settings import *  # noqa: F403

ROOT_URLCONF = "bench.desk_parts.floor.pages"
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",  # its app does not start without it
]
