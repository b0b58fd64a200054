"""What can happen to a ticket."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("ticket.opened", _("Ticket opened"), public=True)
declare("ticket.message_received", _("Message from the customer"), public=True)
declare("ticket.replied", _("Reply sent"), public=True)
declare("ticket.reply_written", _("Reply written; it can still be undone"))
declare("ticket.reply_undone", _("Reply taken back before it was sent"))
declare("ticket.noted", _("Internal note written"))
declare("ticket.assigned", _("Assigned to %(to)s"))
declare("ticket.waits", _("Waits for: %(whom)s. %(why)s"))
declare("ticket.resumed", _("Taken up again"))
declare("ticket.woken", _("The day to look again has come"))
declare("ticket.changed", _("Changed: %(fields)s"))
declare("ticket.closed", _("Ticket closed"))
declare("ticket.reopened", _("Ticket reopened"))
declare("calendar.saved", _("Calendar %(version)s saved"))
declare("calendar.days_changed", _("Working days of %(country)s changed: %(days)s"))
declare("view.saved", _("View “%(name)s” kept"))
declare("view.shared", _("View “%(name)s” shared with %(team)s"))
declare("view.deleted", _("View “%(name)s” deleted"))
declare("ticket.mail_bounced", _("A mail to the customer came back (%(status)s)"))
declare("arrival.placed", _("Mail placed on %(ticket)s"))
declare("arrival.put_aside", _("Mail put aside"))
declare("mail.account_added", _("Mail account %(address)s added"))
declare("mail.password_changed", _("Password of the mail account %(address)s changed"))
declare("mail.account_ended", _("Mail account %(address)s ended"))
