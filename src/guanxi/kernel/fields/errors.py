"""What can go wrong with a company's own fields."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class CustomFieldUnknown(NotFound):
    """There is no such field."""

    code = "custom_field_unknown"
    sentence = _("There is no field of your own with the key “{key}”.")
    cure = _("Look at the list of fields in the settings.")


class CustomFieldExists(GuanxiError):
    """Two fields cannot share a key or a name."""

    code = "custom_field_exists"
    sentence = _("There is already a field “{name}”.")
    cure = _("Choose another name, or change the one that is there.")


class CustomFieldUnnamed(GuanxiError):
    """A field needs a name in one of the languages at least."""

    code = "custom_field_unnamed"
    sentence = _("A field needs a name.")
    cure = _("Name it in Chinese or in English, better in both.")


class CustomFieldKindUnknown(GuanxiError):
    """Fields are of few kinds."""

    code = "custom_field_kind_unknown"
    sentence = _("There are no fields of the kind “{kind}”.")
    cure = _("Choose one of: {kinds}.")


class CustomFieldKeyInvalid(GuanxiError):
    """Keys stand in addresses, files and programs."""

    code = "custom_field_key_invalid"
    sentence = _("“{key}” cannot be the key of a field.")
    cure = _("Begin with a letter; then small letters, digits and _, {longest} at most.")


class OptionsMissing(GuanxiError):
    """A choice needs something to choose from."""

    code = "options_missing"
    sentence = _("A choice needs two options at least, each with a name of its own.")
    cure = _("Write one option a line.")


class OptionInUse(GuanxiError):
    """An option is archived like a field: values that hold it stay readable."""

    code = "option_unknown"
    sentence = _("The options of a field are kept: “{option}” cannot go.")
    cure = _("Archive the option instead.")


class TooManyFields(GuanxiError):
    """More fields than anybody can work with."""

    code = "too_many_fields"
    sentence = _("There are {most} fields of your own already.")
    cure = _("Archive one that nobody uses.")


class TooManyFilters(GuanxiError):
    """Every filterable field costs a little with every change of a record."""

    code = "too_many_filters"
    sentence = _("{most} of your own fields can be filtered by already.")
    cure = _("Take one of them out of the filters first.")
