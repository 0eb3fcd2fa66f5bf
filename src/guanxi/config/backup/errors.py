"""What can go wrong with a backup, and with bringing one back."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class BackupExists(GuanxiError):
    """Something of that name is there already; a backup never replaces another one."""

    code = "backup_exists"
    sentence = _("There is a file {file} already.")
    cure = _("Give the backup another name, for example with the day in it.")


class BackupNotWritten(GuanxiError):
    """The system would not let us write the backup."""

    code = "backup_not_written"
    sentence = _("The backup {file} could not be written: {reason}")
    cure = _("See that its folder is there, may be written to and has room, then try again.")


class WarehouseFileMissing(GuanxiError):
    """The database lists a file that the warehouse does not have."""

    code = "warehouse_file_missing"
    sentence = _("The database lists {file}, but it is not in the warehouse: a backup would not be whole.")
    cure = _("Run guanxi refresh, which makes what is missing again, then back up.")


class NotABackup(GuanxiError):
    """The file is no backup of ours, or one that was cut off."""

    code = "not_a_backup"
    sentence = _("{file} is not a whole backup: {reason}")
    cure = _("Use another backup; nothing was restored.")


class BackupAltered(GuanxiError):
    """What is in the backup is not what was put into it."""

    code = "backup_altered"
    sentence = _("{file} was altered or damaged: {member} is not what was backed up.")
    cure = _("Use another backup; nothing was restored.")


class BackupTooNew(GuanxiError):
    """A later version of the program wrote it."""

    code = "backup_too_new"
    sentence = _("{file} was written by Guanxi {version}, in a form that this version does not know.")
    cure = _("Install that version or a later one, then restore.")


class HomeNotEmpty(GuanxiError):
    """A restore never mixes with what is there."""

    code = "home_not_empty"
    sentence = _("{home} is not empty; nothing was restored.")
    cure = _("Name a new folder with --home, or move away what is in this one.")


class HomeNotWritten(GuanxiError):
    """The system would not let us write the restored files."""

    code = "home_not_written"
    sentence = _("The backup could not be restored to {home}: {reason}")
    cure = _("See that the folder may be written to and its disk has room, then try again.")
