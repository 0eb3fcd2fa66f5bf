"""What cannot be done to the audit trail."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class AuditIsAppendOnly(GuanxiError):
    """The trail is added to and read, never changed."""

    code = "audit_append_only"
    sentence = _("The audit trail cannot be changed or deleted.")
    cure = _("Record what is right now as a new change.")
