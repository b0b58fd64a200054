"""What can happen to files. Recorded on the thing they belong to, so that they stand on its timeline."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("file.attached", _("Photos added: %(count)s"), public=True)
declare("file.hidden", _("A photo was hidden: %(why)s"))
declare("file.shown", _("A hidden photo is shown again"))
declare("file.removed", _("A photo was taken off again"))
