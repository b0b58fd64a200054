"""The desk's own half: kernel, ledger, accounts, files, notices, search and the four faces."""

from aftersales.celery import app as celery_app

__all__ = ["celery_app"]
