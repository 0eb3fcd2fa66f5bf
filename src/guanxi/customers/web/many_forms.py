"""What is asked before many customers are changed at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar, Final

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from guanxi.customers.bin_list import BIN
from guanxi.customers.commands.edit_many import fields_of_many
from guanxi.customers.lists import CUSTOMERS
from guanxi.customers.models import CustomerTag, Tag
from guanxi.customers.web.forms import draw_form
from guanxi.kernel.access.models import User
from guanxi.kernel.batches.registry import get_action
from guanxi.kernel.lists.spec import ListSpec
from guanxi.kernel.ui.inputs import SEPARATOR, Input
from guanxi.kernel.ui.registry import Text

NOBODY: Final = "nobody"
SELECT: Final = {"class": "form-select"}
TEXT: Final = {"class": "form-control", "autocomplete": "off"}


class ManyForm(forms.Form):
    """A question, and the options of the bulk action it leads to."""

    kind: ClassVar[str]
    button: ClassVar[Text]
    icon: ClassVar[str]
    note: ClassVar[Text] = ""
    is_dangerous: ClassVar[bool] = False
    spec: ClassVar[ListSpec] = CUSTOMERS

    @property
    def title(self) -> Text:
        """What is done."""
        return get_action(self.kind).title

    def options(self) -> Mapping[str, Any]:
        """The options of the bulk action."""
        return self.cleaned_data

    @property
    def value(self) -> Input | None:
        """A further input that depends on what is chosen."""
        return None


class AssignForm(ManyForm):
    """To whom."""

    kind, button, icon = "customers.assign", _("Assign"), "user-check"
    owner = forms.ChoiceField(label=_("Owner"), widget=forms.Select(SELECT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True).order_by("display_name", "username")
        field = self.fields["owner"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [
            ("", ""), *((str(user.pk), str(user)) for user in people), (NOBODY, pgettext_lazy("owner", "Nobody")),
        ]  # fmt: skip

    def options(self) -> Mapping[str, Any]:
        """The owner's number."""
        owner = self.cleaned_data["owner"]
        return {"owner_id": None if owner == NOBODY else int(owner)}


class TagForm(ManyForm):
    """Which tag."""

    kind, button, icon = "customers.tag", pgettext_lazy("verb", "Tag"), "tag"
    name = forms.CharField(
        label=_("Tag"), max_length=40, widget=forms.TextInput({**TEXT, "list": "known-tags"}),
        help_text=_("Choose one in use, or type a new one."),
    )  # fmt: skip

    @property
    def known_tags(self) -> list[str]:
        """The tags in use."""
        return list(Tag.objects.order_by("name").values_list("name", flat=True))


class UntagForm(ManyForm):
    """Which tag goes."""

    kind, button, icon = "customers.untag", _("Take off"), "tag-off"
    tag = forms.ChoiceField(label=_("Tag"), widget=forms.Select(SELECT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        used = Tag.objects.filter(Exists(CustomerTag.objects.filter(tag=OuterRef("pk")))).order_by("name")
        field = self.fields["tag"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [("", ""), *((str(pk), name) for pk, name in used.values_list("pk", "name"))]

    def options(self) -> Mapping[str, Any]:
        """The tag's number."""
        return {"tag_id": int(self.cleaned_data["tag"])}


class EditForm(ManyForm):
    """Which field, and what it is to hold."""

    kind, button, icon = "customers.edit", _("Change"), "pencil"
    note = _("What people edit, data updates leave alone from then on.")
    field = forms.ChoiceField(label=_("Field"), widget=forms.Select(SELECT))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["field"]
        assert isinstance(field, forms.ChoiceField)  # noqa: S101  # declared above
        field.choices = [(name, each.label) for name, each in fields_of_many().items()]

    @property
    def value(self) -> Input:
        """The input of the chosen field."""
        asked, fields = (self.data if self.is_bound else self.initial).get("field"), fields_of_many()
        chosen = fields[asked] if asked in fields else next(iter(fields.values()))
        field = replace(chosen, label=_("New value"), hint=_("Left empty, the field is emptied."), is_required=False)
        return draw_form({"value": field}, {"value": self._typed}, prefix="id_").by_name["value"]

    @property
    def _typed(self) -> str:
        values = self.data.getlist("value") if hasattr(self.data, "getlist") else [self.data.get("value", "")]
        return SEPARATOR.join(values)

    def options(self) -> Mapping[str, Any]:
        """The field and its value as typed."""
        return {"field": self.cleaned_data["field"], "value": self._typed}


class DeleteForm(ManyForm):
    """Whether really."""

    kind, button, icon = "customers.delete", _("Delete"), "trash"
    note = _("They go to the bin with all that hangs on them, and can be restored from there.")
    is_dangerous = True


class RestoreForm(ManyForm):
    """Whether really."""

    kind, button, icon = "customers.restore", _("Restore"), "arrow-back-up"
    note = _("They come back with all that hangs on them.")
    spec = BIN


class PurgeForm(ManyForm):
    """Whether really."""

    kind, button, icon = "customers.purge", _("Delete for ever"), "trash"
    note = _(
        "Names, contact details, certificates, addresses, files, notes and all that was written of them are erased. "
        "Nobody can bring them back, and a data update does not either. What they bought stays in the revenue, without "
        "a name. What source systems delivered lies on in their own files."
    )
    is_dangerous = True
    spec = BIN


FORMS: Final[dict[str, type[ManyForm]]] = {
    "assign": AssignForm, "tag": TagForm, "untag": UntagForm, "edit": EditForm, "delete": DeleteForm,
    "restore": RestoreForm, "purge": PurgeForm,
}  # fmt: skip
