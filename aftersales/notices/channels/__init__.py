"""How notices leave: one file each, all of the shape `ledger.outbox.Channel`. In-app notices need no channel: the row is it."""

from aftersales.notices.channels.email import EmailChannel
from aftersales.notices.channels.robot import RobotChannel
from aftersales.notices.channels.sms import SmsChannel
from aftersales.notices.channels.webhook import WebhookChannel

__all__ = ["EmailChannel", "RobotChannel", "SmsChannel", "WebhookChannel"]
