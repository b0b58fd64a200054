"""What can happen to settings and to work that got stuck."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("configuration.added", _("“%(what)s” added in the office"))
declare("configuration.changed", _("“%(what)s” changed in the office"))
declare("work.retried", _("%(what)s: tried again by hand (%(why)s)"))
declare("work.cancelled", _("%(what)s: cancelled by hand (%(why)s)"))
declare("work.settled", _("%(what)s: looked up and settled by hand (%(why)s)"))
declare("work.stopped", _("Stopped: %(what)s (%(why)s)"))
declare("work.resumed", _("Resumed: %(what)s (%(why)s)"))
declare("work.restored", _("Restored from a backup; %(rows)s messages set aside (%(why)s)"))
