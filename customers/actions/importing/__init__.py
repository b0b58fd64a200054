"""Take orders from files into the archive. Called by `customers.importers.run`, one batch at a time."""

from customers.actions.importing.batch import store_batch
from customers.actions.importing.results import BatchResult, Refused, Shopfront
from customers.actions.importing.runs import finish_import, shop_for, start_import

__all__ = ["BatchResult", "Refused", "Shopfront", "finish_import", "shop_for", "start_import", "store_batch"]
