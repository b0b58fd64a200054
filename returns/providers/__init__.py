"""Who pays refunds: by hand with proof, or a provider behind one interface.

To add one: a file here with a class that has `name` and `pay`, and its line in `PROVIDERS`.
"""

from __future__ import annotations

from returns.providers.interface import Payment, Provider
from returns.providers.sandbox import Sandbox

MANUAL = "manual"
PROVIDERS: dict[str, Provider] = {provider.name: provider for provider in (Sandbox(),)}

__all__ = ["MANUAL", "PROVIDERS", "Payment", "Provider"]
