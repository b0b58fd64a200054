"""Registers the system checks; the kernel has no tables."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "aftersales.kernel"

    def ready(self) -> None:
        from aftersales.kernel import checks  # noqa: F401  registers them
