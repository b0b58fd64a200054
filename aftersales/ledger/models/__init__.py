from aftersales.ledger.models.due import DailyRun, Delivery, Due, Outbound, Timer
from aftersales.ledger.models.event import Event
from aftersales.ledger.models.once import IdempotencyKey, Inbox
from aftersales.ledger.models.selfcheck import SelfCheck
from aftersales.ledger.models.stop import Breaker, Stop
from aftersales.ledger.models.sweep import SweepRun

__all__ = [
    "Breaker",
    "DailyRun",
    "Delivery",
    "Due",
    "Event",
    "IdempotencyKey",
    "Inbox",
    "Outbound",
    "SelfCheck",
    "Stop",
    "SweepRun",
    "Timer",
]
