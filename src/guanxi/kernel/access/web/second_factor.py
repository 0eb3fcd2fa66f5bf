"""One's own account: the two-step log-in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from allauth.mfa.totp.internal.auth import generate_totp_secret
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from guanxi.kernel.access.commands import renew_recovery_codes, turn_off_second_factor, turn_on_second_factor
from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries import get_second_factor
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.second_factor import DUE, app_address, draw_qr
from guanxi.kernel.access.web.forms import CodeForm, PresentPasswordForm
from guanxi.kernel.errors import GuanxiError
from guanxi.kernel.vault import VaultKeyLost, seal, unseal

WAITING: Final = "second_factor_secret"  # in the session, sealed: what the QR code shows until a code confirms it


@never_cache
@require_safe
def show_second_factor(request: HttpRequest) -> HttpResponse:
    """Whether one's log-in asks for a code, and what can be done about it."""
    reader = reader_of(request)
    return render(request, "access/second_factor.html", {"factor": get_second_factor(reader)})


@never_cache
@require_http_methods(["GET", "POST"])
def set_up(request: HttpRequest) -> HttpResponse:
    """Show the QR code, and turn it on with the first code of the app; where it is due, the only page that opens."""
    reader = reader_of(request)
    if get_second_factor(reader).is_on:
        request.session.pop(DUE, None)
        return redirect("second-factor")
    secret = _secret(request)
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            codes = turn_on_second_factor(
                reader, secret=secret, code=form.cleaned_data["code"], session_key=request.session.session_key
            )
        except GuanxiError as refusal:
            form.refuse(refusal)
        else:
            request.session.pop(WAITING, None)
            was_due = request.session.pop(DUE, None)
            return _tell_codes(request, codes, is_new=True, onward="home" if was_due else "second-factor")
    context = {
        "form": form, "is_due": DUE in request.session, "qr": draw_qr(app_address(reader, secret)),
        "secret": " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)),
    }  # fmt: skip
    return render(request, "access/second_factor_set_up.html", context, status=422 if form.errors else 200)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def renew_codes(request: HttpRequest) -> HttpResponse:
    """New recovery codes, shown once."""

    def renew(reader: User, password: str) -> HttpResponse:
        codes = renew_recovery_codes(reader, password=password)
        return _tell_codes(request, codes, is_new=False, onward="second-factor")

    return _by_password(request, "access/second_factor_codes.html", renew)


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "POST"])
def turn_off(request: HttpRequest) -> HttpResponse:
    """Ask for no code any more."""

    def end(reader: User, password: str) -> HttpResponse:
        turn_off_second_factor(reader, password=password)
        messages.success(request, gettext("Your log-in asks for the password alone."))
        return redirect("second-factor")

    return _by_password(request, "access/second_factor_off.html", end)


def _by_password(request: HttpRequest, template: str, deed: Callable[[User, str], HttpResponse]) -> HttpResponse:
    """Do what the present password has to confirm, where a code is asked for at all."""
    reader = reader_of(request)
    if not get_second_factor(reader).is_on:
        return redirect("second-factor")
    form = PresentPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            return deed(reader, form.cleaned_data["password"])
        except GuanxiError as refusal:
            form.refuse(refusal)
    return render(request, template, {"form": form}, status=422 if form.errors else 200)


def _secret(request: HttpRequest) -> str:
    """The secret that waits to be confirmed: the same however often the page is opened."""
    if WAITING in request.session:
        try:
            return unseal(request.session[WAITING].encode("ascii"))
        except VaultKeyLost:
            pass  # a new one will do
    secret = str(generate_totp_secret())
    request.session[WAITING] = seal(secret).decode("ascii")
    return secret


def _tell_codes(request: HttpRequest, codes: list[str], *, is_new: bool, onward: str) -> HttpResponse:
    """Show the recovery codes: in this answer only."""
    spaced = [f"{code[:4]} {code[4:]}" for code in codes]
    context = {"codes": spaced, "text": "\n".join(spaced), "is_new": is_new, "onward": onward}
    return render(request, "access/recovery_codes.html", context)
