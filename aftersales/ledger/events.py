"""What can happen to settings and to work that got stuck."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("configuration.added", _("“%(what)s” added in the office"))
declare("configuration.changed", _("“%(what)s” changed in the office"))
declare("work.retried", _("%(what)s: tried again by hand"))
declare("work.cancelled", _("%(what)s: cancelled by hand"))
declare("work.settled", _("%(what)s: looked up and settled by hand"))
