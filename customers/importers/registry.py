"""The sources that can be named after `--source`. A new platform is one module and one line here."""

from __future__ import annotations

from customers.importers.generic import GenericSource
from customers.importers.olist import OlistSource
from customers.importers.source import Source
from customers.importers.taobao import TaobaoSource

SOURCES: dict[str, Source] = {source.name: source for source in (GenericSource(), OlistSource(), TaobaoSource())}
