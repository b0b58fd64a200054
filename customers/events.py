"""What can happen in the archive."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("orders.imported", _("Orders imported from %(source)s: %(created)s new, %(changed)s changed"))
declare("orders.exported", _("%(orders)s orders exported: %(why)s"))
declare("order.proven", _("Customer proved the order"))
declare("order.noted", _("Note written"))
declare("proof.code_requested", _("Confirmation code sent to %(contact)s"))
declare("proof.link_made", _("Link to the order made"))
declare("proof.flooded", _("More than %(most)s wrong tries to open orders within an hour: only links open them now"))
declare("contact.added", _("Contact added: %(contact)s"))
declare("contact.removed", _("Contact removed: %(contact)s"))
declare("contact.revealed", _("Contact data shown in full: %(why)s"))
declare("address.added", _("Address added"))
declare("person.added", _("Person added"))
declare("person.changed", _("Personal data changed"))
declare("person.noted", _("Note written"))
declare("consent.given", _("Consent given: %(purpose)s"))
declare("consent.withdrawn", _("Consent withdrawn: %(purpose)s"))
declare("promise.made", _("Promised: %(text)s"))
declare("promise.kept", _("Promise kept: %(text)s"))
declare("promise.broken", _("Promise broken: %(text)s"))
declare("shipment.moved", _("Parcel moved on: %(status)s"))
declare("shipment.reminded", _("Customer told of the parcel: %(kind)s"))
declare("shipment.stuck", _("No scan for %(hours)s hours"))
declare("tracking.unplaced", _("Report on %(number)s not placed: %(why)s"))
