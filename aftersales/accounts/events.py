"""What can happen to accounts."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("key.made", _("API key “%(name)s” made"))
declare("key.revoked", _("API key “%(name)s” revoked"))
declare("user.signs", _("Signature changed"))
declare("user.made", _("%(name)s may sign in as %(role)s"))
declare("user.changed", _("%(name)s: details changed"))
declare("user.role_changed", _("%(name)s: role changed from %(before)s to %(after)s"))
declare("user.password_set", _("%(name)s: a manager set a new password"))
declare("user.locked_out", _("%(name)s may not sign in any more"))
declare("user.let_in", _("%(name)s may sign in again"))
declare("user.second_factor_forgotten", _("%(name)s: second factor removed by a manager"))
