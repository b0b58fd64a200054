"""What can happen to the settings of notices, and that one did not arrive. That somebody was told is a row of its own."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("notice.undelivered", _("Notice not delivered: %(template)s"))
declare("preference.changed", _("Notices by %(channel)s (%(kind)s): %(allowed)s"))
declare("template.saved", _("Draft of %(name)s saved (%(channel)s, %(locale)s)"))
declare("template.tested", _("Draft of %(name)s sent to oneself (%(channel)s, %(locale)s)"))
declare("template.published", _("Words of %(name)s published as version %(version)s (%(channel)s, %(locale)s)"))
declare("webhook.added", _("Webhook to %(host)s added"))
declare("webhook.ended", _("Webhook to %(host)s ended"))
