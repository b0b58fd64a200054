"""What Celery runs: one sweep, with no arguments, so that a lost or doubled message changes nothing."""

from __future__ import annotations

from celery import shared_task

from aftersales.ledger.selfcheck import check_when_due
from aftersales.ledger.sweep import sweep as sweep_once


@shared_task
def sweep() -> None:
    """Beat's turn, every second."""
    sweep_once("beat")
    check_when_due()


@shared_task
def sweep_at_doorbell() -> None:
    """The bell rang after a commit."""
    sweep_once("doorbell")
