"""What can go wrong with a home as such."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class HomeReadOnly(GuanxiError):
    """The system does not let us write to the home."""

    code = "home_read_only"
    sentence = _("The home {home} may not be written to: {reason}")
    cure = _("See that the folder belongs to this user and that its disk is writable, then start again.")


class HomeTooNew(GuanxiError):
    """A later version of the program has worked on the database."""

    code = "home_too_new"
    sentence = _("The database was used by a later version of Guanxi: it knows {changes}, this version does not.")
    cure = _("Install that version or a later one; nothing was changed.")


class UpgradeCopyNotWritten(GuanxiError):
    """Without a copy of what is there the database is not touched."""

    code = "upgrade_copy_not_written"
    sentence = _("Before the database is upgraded a copy of it is taken, and {file} could not be written: {reason}")
    cure = _("Make room beside the database, then start again; nothing was changed.")
