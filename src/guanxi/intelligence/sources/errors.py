"""What can be wrong with a source as a whole; what is wrong with single rows goes to the rejects."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class ContractMissing(GuanxiError):
    """There is no contract file."""

    code = "contract_missing"
    sentence = _("There is no contract {path}.")
    cure = _("Look at its path and name.")


class ContractsShareName(GuanxiError):
    """Two contracts of one refresh describe a source of the same name."""

    code = "contracts_share_name"
    sentence = _("Two contracts have the name “{name}”: {first} and {second}.")
    cure = _("Give one of them another name, or leave one out.")


class SourceFileMissing(GuanxiError):
    """Nothing is found where the contract says."""

    code = "source_file_missing"
    sentence = _("Feed “{feed}” of source “{source}” finds no file: {path}.")
    cure = _("Deliver the file, or mend “path” (and “members”) in the contract.")


class FileUnreadable(GuanxiError):
    """The system will not let us read it, or an archive or a Parquet file is broken."""

    code = "file_unreadable"
    sentence = _("{file} cannot be read: {reason}.")
    cure = _("Deliver it again, or give the right to read it.")


class NoText(GuanxiError):
    """The contract says text, the file is something else."""

    code = "no_text"
    sentence = _("{file} is no text: it begins like {what}.")
    cure = _("Mend “format” in the contract, unpack the file, or deliver it as text.")


class NoWorkbook(GuanxiError):
    """The contract says xlsx, the file is something else."""

    code = "no_workbook"
    sentence = _("{file} is not an Excel workbook, whatever it is called: it begins with “{start}”.")
    cure = _("Save it as an Excel workbook (.xlsx) and deliver it again, or mend “format” in the contract.")


class OldWorkbook(GuanxiError):
    """A workbook as Excel wrote them before 2007."""

    code = "old_workbook"
    sentence = _("{file} is a workbook of Excel 97 to 2003 (.xls), whatever it is called.")
    cure = _("Save it as an Excel workbook (.xlsx) and deliver it again.")


class WorkbookLocked(GuanxiError):
    """Only who knows the password can look into the workbook."""

    code = "workbook_locked"
    sentence = _("{file} is protected by a password.")
    cure = _("Take the protection off and deliver it again; a contract holds no passwords.")


class SheetMissing(GuanxiError):
    """The contract names a sheet the workbook does not have."""

    code = "sheet_missing"
    sentence = _("{file} has no sheet “{sheet}”.")
    cure = _("Mend “sheet” in the contract or the workbook. {near}")


class SheetUnclear(GuanxiError):
    """The workbook has several sheets, and the contract names none."""

    code = "sheet_unclear"
    sentence = _("{file} has several sheets: {sheets}.")
    cure = _("Say in the contract which one is meant, for example: {example}")


class FileChanged(GuanxiError):
    """A file was written to while it was being read."""

    code = "file_changed"
    sentence = _("{file} changed while it was being read.")
    cure = _("Wait until it is delivered whole, then resume.")


class FileEmpty(GuanxiError):
    """A file without even a header."""

    code = "file_empty"
    sentence = _("{file} is empty: not even a header.")
    cure = _("Deliver it again. A file without rows still needs its header.")


class EncodingWrong(GuanxiError):
    """The bytes are not what the contract says."""

    code = "encoding_wrong"
    sentence = _("{file} is not {encoding}: byte {byte} in line {line}.")
    cure = _("Set “encoding” in the contract. It could be: {possible}.")


class StrayBytes(GuanxiError):
    """A file is UTF-8 but for a few bytes, which no other encoding explains."""

    code = "stray_bytes"
    sentence = _("{file} is utf-8, but for a few bytes: the first is {byte} in line {line}.")
    cure = _("Mend that line, or have the file written again; another “encoding” would spoil all the others.")


class ColumnsMissing(GuanxiError):
    """The contract reads columns the file does not have."""

    code = "columns_missing"
    sentence = _("{file} has no column {missing}.")
    cure = _("{near} Mend the contract or the file; its columns are: {columns}.")


class ColumnAmbiguous(GuanxiError):
    """A column the contract reads is there more than once."""

    code = "column_ambiguous"
    sentence = _("{file} has more than one column “{column}”.")
    cure = _("Rename one of them, or set header = false, skip = 1 and name the columns in the contract.")


class ColumnUnusable(GuanxiError):
    """A Parquet column holds lists or structures."""

    code = "column_unusable"
    sentence = _("Column “{column}” of {file} holds {type}, which is not a single value.")
    cure = _("Deliver it as text, a number, a date or a truth value.")


class SourceUnreachable(GuanxiError):
    """A database does not answer, does not let us in, or holds what cannot be read."""

    code = "source_unreachable"
    sentence = _("The database {name} cannot be read: {reason}")
    cure = _("Look whether it runs, and whether its address and the right to read are given; then resume.")


class TableMissing(GuanxiError):
    """A database has no such table, or the table no such column."""

    code = "table_missing"
    sentence = _("The database has no “{table}”.")
    cure = _("Mend “table” or “lookup” in the contract. {near}")


class LookupAmbiguous(GuanxiError):
    """The looked-up table has several rows for one key: rows would come twice."""

    code = "lookup_ambiguous"
    sentence = _("“{table}” has more than one row for a value of “{key}”, so rows would be counted twice.")
    cure = _("Look up by a key that is there once.")


class TotalLineMissing(GuanxiError):
    """The last line of a file is not the one that tells its control totals: perhaps the file is cut off."""

    code = "total_line_missing"
    sentence = _("{file} has no control total: its last line does not read “{line}”.")
    cure = _("Deliver the file again, whole, then resume. Nothing of it has landed.")


class ControlFileMissing(GuanxiError):
    """A file came without the one that tells its control totals."""

    code = "control_file_missing"
    sentence = _("{file} has no control total: there is no {control} beside it.")
    cure = _("Deliver the control file, then resume. Nothing has landed.")


class TotalsNotInFile(GuanxiError):
    """A control file does not tell the totals of a file."""

    code = "totals_not_in_file"
    sentence = _("{control} tells no control total of {file}: no line reads “{line}”.")
    cure = _("Deliver it again, then resume. Nothing has landed.")


class CountDoesNotTie(GuanxiError):
    """A file has more or fewer rows than its sender says."""

    code = "count_does_not_tie"
    sentence = _("{file} should have {told} rows by its control total, but has {found}.")
    cure = _("Deliver the file again, whole, then resume. Nothing of it has landed.")


class SumDoesNotTie(GuanxiError):
    """The values of a column add up to something else than the sender says."""

    code = "sum_does_not_tie"
    sentence = _("“{column}” of {file} should add up to {told} by its control total, but gives {found}.")
    cure = _("Deliver the file again, then resume. Nothing of it has landed.")


class ValuesDoNotAdd(GuanxiError):
    """Some values of a column are no numbers, so that the others cannot add up to what the sender says."""

    code = "values_do_not_add"
    sentence = _(
        "“{column}” of {file} should add up to {told} by its control total, but gives {found}; no numbers: {unread}."
    )
    cure = _("Look at “thousands” and “decimal” in the contract, or deliver the file again; then resume.")
