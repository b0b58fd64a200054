"""What can happen to files. Recorded on the thing they belong to, so that they stand on its timeline."""

from django.utils.translation import gettext_lazy as _

from aftersales.ledger.catalogue import declare

declare("file.attached", _("Files added: %(count)s"), public=True)
declare("file.hidden", _("A file was hidden: %(why)s"), words="why")
declare("file.shown", _("A hidden file is shown again"))
declare("file.removed", _("A file was taken off again"))
