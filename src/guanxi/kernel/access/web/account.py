"""One's own account: language, theme, password, and where one is signed in."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guanxi.kernel.access.commands import (
    change_password,
    choose_password_by_link,
    end_other_sign_ins,
    end_sign_in,
)
from guanxi.kernel.access.errors import LinkOver, PasswordTooWeak, PasswordWrong
from guanxi.kernel.access.links import find_by_link
from guanxi.kernel.access.queries import explain_permissions, explain_reach, list_askable, list_sign_ins
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.second_factor import has_second_factor
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.access.web.forms import ChangePasswordForm, NewPasswordForm
from guanxi.kernel.access.words import REACHES, role_title


@never_cache
@require_safe
def show_account(request: HttpRequest) -> HttpResponse:
    """Who one is here, what one has chosen, and where one is signed in."""
    reader = reader_of(request)
    return render(request, "access/account.html", {
        "reader": reader,
        "roles": sorted(role_title(name) for name in reader.roles.values_list("name", flat=True)),
        "reach": REACHES[reader.visibility.value],
        "has_second_factor": has_second_factor(reader.pk),
        "may_use_api": reader.may("api.use"),
        "sign_ins": list_sign_ins(reader, request.session.session_key),
    })  # fmt: skip


@never_cache
@require_safe
def show_rights(request: HttpRequest) -> HttpResponse:
    """What one may, and whose customers one sees, each with its reason; some may ask about others."""
    reader = reader_of(request)
    asked = request.GET.get("user", "")
    user_id = int(asked) if asked.isdecimal() and len(asked) < 19 else None
    return render(request, "access/rights.html", {
        "reach": explain_reach(reader, user_id), "reasons": explain_permissions(reader, user_id),
        "people": list_askable(reader), "asked": request.GET.get("permission", ""),
    })  # fmt: skip


@never_cache
@require_http_methods(["GET", "POST"])
def choose_password(request: HttpRequest) -> HttpResponse:
    """Change one's password; with a temporary one this is the only page that opens."""
    reader = reader_of(request)
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        try:
            user = change_password(
                reader, present=form.cleaned_data["present"], new=form.cleaned_data["new"],
                session_key=request.session.session_key,
            )  # fmt: skip
        except (PasswordTooWeak, PasswordWrong) as refusal:
            form.refuse(refusal)
        else:
            update_session_auth_hash(request, user)
            messages.success(request, gettext("Your password is changed. You were logged out on all other devices."))
            return redirect("home" if reader.must_change_password else "account")
    context = {"form": form, "is_forced": reader.must_change_password}
    return render(request, "access/account_password.html", context, status=422 if form.errors else 200)


@require_POST
def end_one(request: HttpRequest, number: str) -> HttpResponse:
    """Sign out on one device."""
    end_sign_in(reader_of(request), number=number)
    messages.success(request, gettext("That device is logged out."))
    return redirect("account")


@require_POST
def end_others(request: HttpRequest) -> HttpResponse:
    """Sign out everywhere but here."""
    ended = end_other_sign_ins(reader_of(request), session_key=request.session.session_key)
    told = ngettext("{n} other device is logged out.", "{n} other devices are logged out.", ended).format(n=ended)
    messages.success(request, told)
    return redirect("account")


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def choose_by_link(request: HttpRequest, link: str) -> HttpResponse:
    """Choose a password by a one-time link."""
    try:
        user = find_by_link(link)
    except LinkOver as over:
        return render(request, "access/link_over.html", {"error": over}, status=404)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            choose_password_by_link(SYSTEM, link=link, new=form.cleaned_data["new"])
        except PasswordTooWeak as refusal:
            form.refuse(refusal)
        else:
            messages.success(request, gettext("Your password is set. Log in with it."))
            return redirect("login")
    status = 422 if form.errors else 200
    return render(request, "access/choose_password.html", {"form": form, "who": user}, status=status)
