"""What can happen to accounts."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("key.made", _("API key “%(name)s” made"))
declare("key.revoked", _("API key “%(name)s” revoked"))
