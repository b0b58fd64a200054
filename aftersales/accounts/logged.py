"""Every line of the log names the address its request came from: the same that limits of sign-in count."""

from typing import Any

import structlog
from django.dispatch import receiver
from django.http import HttpRequest
from django_structlog.signals import bind_extra_request_metadata

from aftersales.accounts.middleware import source_of


@receiver(bind_extra_request_metadata, dispatch_uid="address in logs")
def name_address(request: HttpRequest, **_told: Any) -> None:
    """django-structlog would believe whatever the client writes into X-Forwarded-For."""
    structlog.contextvars.bind_contextvars(ip=source_of(request))
