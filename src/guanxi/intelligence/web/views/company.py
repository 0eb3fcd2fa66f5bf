"""The company's own choices: its name and language, and how customers get their tier."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.conf import settings as django_settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from guanxi.intelligence.commands.nightly import nightly_at, set_nightly_refresh
from guanxi.intelligence.queries.figures import get_figures
from guanxi.intelligence.web.company_page import method_choices
from guanxi.kernel.access.commands import (
    PURGE_AFTER,
    choose_purge_after,
    choose_second_factor,
    choose_tier_method,
    set_company,
)
from guanxi.kernel.access.models import Company
from guanxi.kernel.access.queries import find_company
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.errors import PermissionDenied
from guanxi.kernel.jobs.rules import OFF
from guanxi.kernel.ui.forms import HouseForm
from guanxi.kernel.ui.frame import LANGUAGE_NAMES
from guanxi.kernel.ui.registry import settings_pages_for

BIN_WORDS: Final = {30: _("after 30 days"), 90: _("after 90 days"), 365: _("after a year")}
USUAL_TIME: Final = "02:00"
BEIJING: Final = {"Asia/Shanghai", "Asia/Chongqing", "Asia/Harbin", "PRC"}


class CompanyForm(forms.Form):
    """The company's name, and the language of what it sends and writes by itself."""

    name = forms.CharField(
        max_length=120, label=_("Company name"), widget=forms.TextInput(attrs={"class": "form-control"}),
        error_messages={"required": _("Give the company's name.")},
    )  # fmt: skip
    language = forms.ChoiceField(
        label=_("Language of the company"), widget=forms.Select(attrs={"class": "form-select"}),
        choices=[(code, LANGUAGE_NAMES.get(code, code)) for code, _name in django_settings.LANGUAGES],
    )  # fmt: skip


class NightlyForm(HouseForm):
    """Whether the nightly data update comes, and when."""

    is_on = forms.BooleanField(label=_("Update everything every night"), required=False)
    at = forms.TimeField(
        label=_("At"), input_formats=["%H:%M"], widget=forms.TimeInput({"type": "time"}, format="%H:%M"),
        required=False, error_messages={"invalid": _("Give hours and minutes, such as 02:00.")},
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Who wants it says when."""
        cleaned = super().clean() or {}
        if cleaned.get("is_on") and cleaned.get("at") is None and "at" not in self.errors:
            self.add_error("at", _("Give hours and minutes, such as 02:00."))
        return cleaned

    @classmethod
    def as_chosen(cls) -> NightlyForm:
        """The form as the company has chosen; the usual time stands ready where it is off."""
        at = nightly_at()
        return cls(initial={"is_on": at != OFF, "at": USUAL_TIME if at == OFF else at})


class BinForm(HouseForm):
    """How long deleted customers can be restored."""

    days = forms.TypedChoiceField(
        label=_("Delete for ever what lies in the bin"), coerce=int, empty_value=None, required=False,
        choices=[("", _("never by itself")), *((str(days), BIN_WORDS[days]) for days in PURGE_AFTER)],
        widget=forms.Select({"class": "form-select"}),
    )  # fmt: skip


class LogInForm(HouseForm):
    """What the log-in asks everybody for."""

    is_required = forms.BooleanField(label=_("Ask everybody for a code at log-in"), required=False)


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    """All settings on one page."""
    return _settings(request)


def _settings(
    request: HttpRequest,
    form: CompanyForm | None = None,
    nightly: NightlyForm | None = None,
    bin_form: BinForm | None = None,
    status: int = 200,
) -> HttpResponse:
    reader = reader_of(request)
    if not reader.may("settings.manage"):
        raise PermissionDenied(permission="settings.manage")
    company = find_company()
    initial = {"name": company.name, "language": company.language} if company else {}
    chosen = company.tier_method if company else Company.TierMethod.PYRAMID.value
    figures = get_figures(reader) if reader.may("insight.view") else None
    context = {
        "form": form or CompanyForm(initial=initial), "nightly": nightly or NightlyForm.as_chosen(),
        "bin": bin_form or BinForm(initial={"days": company.purge_after_days if company else None}),
        "log_in": LogInForm(initial={"is_required": company.requires_second_factor if company else False}),
        "clock": _clock(), "pages": settings_pages_for(reader),
        "methods": method_choices(figures, chosen), "as_of": figures.as_of if figures else None,
        "is_due": figures is not None and figures.tier_method != chosen,
        "may_see_updates": reader.may("updates.view"),
    }  # fmt: skip
    return render(request, "intelligence/settings.html", context, status=status)


@require_POST
def name_company(request: HttpRequest) -> HttpResponse:
    """Change the company's name or language."""
    form = CompanyForm(request.POST)
    if not form.is_valid():
        return _settings(request, form, status=422)
    set_company(reader_of(request), form.cleaned_data["name"], form.cleaned_data["language"])
    messages.success(request, gettext("Saved."))
    return redirect("settings")


@require_POST
def choose_nightly(request: HttpRequest) -> HttpResponse:
    """Choose whether the nightly data update comes, and when."""
    form = NightlyForm(request.POST)
    if not form.is_valid():
        return _settings(request, nightly=form, status=422)
    chosen = form.cleaned_data
    set_nightly_refresh(reader_of(request), f"{chosen['at']:%H:%M}" if chosen["is_on"] else OFF)
    messages.success(request, gettext("Saved."))
    return redirect("settings")


@require_POST
def choose_bin(request: HttpRequest) -> HttpResponse:
    """Choose how long deleted customers lie in the bin."""
    form = BinForm(request.POST)
    if not form.is_valid():
        return _settings(request, bin_form=form, status=422)
    choose_purge_after(reader_of(request), form.cleaned_data["days"])
    messages.success(request, gettext("Saved."))
    return redirect("settings")


@require_POST
def choose_log_in(request: HttpRequest) -> HttpResponse:
    """Choose whether everybody needs a code at log-in."""
    choose_second_factor(reader_of(request), is_required=request.POST.get("is_required") == "on")
    messages.success(request, gettext("Saved."))
    return redirect("settings")


@require_POST
def choose_tier(request: HttpRequest) -> HttpResponse:
    """Choose how customers get their tier."""
    choose_tier_method(reader_of(request), request.POST.get("method", ""))
    messages.success(request, gettext("Saved. The tiers follow with the next data update."))
    return redirect("settings")


def _clock() -> str:
    """Whose clock counts, as people call it: the name of a zone is the machine's word."""
    if django_settings.TIME_ZONE in BEIJING:
        return gettext("Beijing time")
    offset = f"{timezone.localtime():%z}"
    return f"UTC{offset[:3]}:{offset[3:]}"
