"""What can happen in the archive."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("orders.imported", _("Orders imported from %(source)s: %(created)s new, %(changed)s changed"))
declare("order.proven", _("Order proven by %(how)s"))
declare("order.noted", _("Note written"))
declare("proof.code_requested", _("Confirmation code requested"))
declare("contact.revealed", _("Contact data shown in full: %(why)s"))
declare("promise.made", _("Promised: %(text)s"))
declare("promise.kept", _("Promise kept: %(text)s"))
declare("promise.broken", _("Promise broken: %(text)s"))
