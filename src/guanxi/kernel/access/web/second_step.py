"""The second step of a log-in: between the right password and being signed in stands a code, if the user has one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.kernel.access.commands import pass_second_factor
from guanxi.kernel.access.errors import SecondFactorCodeWrong, SecondFactorOff
from guanxi.kernel.access.lockout import show_locked, tell_locked_out
from guanxi.kernel.access.models import User
from guanxi.kernel.access.preferences import remember_language
from guanxi.kernel.access.second_factor import resting_until
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.access.web.forms import CodeForm

CHOSEN: Final = "language_chosen"  # in the session: chosen on purpose before log-in, so it wins over the remembered one
YEAR: Final = 60 * 60 * 24 * 365
HELD: Final = "log_in_held"  # in the session: whose right password was typed when, and where to go afterwards
GOOD_FOR: Final = timedelta(minutes=10)


@dataclass(frozen=True)
class Held:
    """A log-in that waits for its code."""

    user: User
    onward: str


def hold(request: HttpRequest, user: User, onward: str) -> None:
    """Keep that the password was right, under a new session key; nobody is signed in by it."""
    request.session.cycle_key()
    request.session[HELD] = {
        "user": user.pk, "hash": user.get_session_auth_hash(), "at": timezone.now().timestamp(), "onward": onward,
    }  # fmt: skip


def find_held(request: HttpRequest) -> Held | None:
    """The log-in that waits; none once it is old, or the user was switched off or has another password."""
    kept = request.session.get(HELD)
    if kept is None or timezone.now().timestamp() - kept["at"] > GOOD_FOR.total_seconds():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not constant_time_compare(kept["hash"], user.get_session_auth_hash()):
        return None
    return Held(user, kept["onward"])


def sign_in(request: HttpRequest, user: User, onward: str) -> HttpResponse:
    """Sign a user in, lead onward, and speak the user's language from there on."""
    chosen = request.session.pop(CHOSEN, "")
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    response = redirect(onward)
    if chosen:
        remember_language(SYSTEM, user_id=user.pk, language=chosen)
    elif user.language:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=YEAR, samesite="Lax")
    return response


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def give_code(request: HttpRequest) -> HttpResponse:
    """The page that asks for the code."""
    held = None if request.user.is_authenticated else find_held(request)
    if held is None:
        return redirect("login")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        refused = _try(request, held, form)
        if refused is not None:
            return refused
        if form.is_valid():
            request.session.pop(HELD)
            return sign_in(request, held.user, held.onward)
    return render(request, "access/log_in_code.html", {"form": form}, status=422 if form.errors else 200)


@login_not_required
@never_cache
@require_POST
def give_code_again(request: HttpRequest) -> HttpResponse:
    """The code, above a page whose session ended."""
    if not request.user.is_authenticated:
        held = find_held(request)
        if held is None:
            return render(request, "access/_log_in_again.html", status=422)
        form = CodeForm(request.POST)
        if form.is_valid():
            refused = _try(request, held, form)
            if refused is not None:
                return refused
        if form.errors:
            return render(request, "access/_log_in_again_code.html", {"form": form}, status=422)
        request.session.pop(HELD)
        login(request, held.user, backend=settings.AUTHENTICATION_BACKENDS[-1])
    return tell_token(request)


def ask_for_code_again(request: HttpRequest) -> HttpResponse:
    """Ask for the code above a page whose session ended."""
    return render(request, "access/_log_in_again_code.html", {"form": CodeForm()}, status=422)


def tell_token(request: HttpRequest) -> HttpResponse:
    """Who is signed in now, and the token for the forms of the page below."""
    return JsonResponse({"username": request.user.get_username(), "token": get_token(request)})


def _try(request: HttpRequest, held: Held, form: CodeForm) -> HttpResponse | None:
    """Take the code: the answer if no code is taken now, else none, with what is wrong beside the field.

    A wrong code counts towards the lock-out like a wrong password.
    """
    credentials = {"username": held.user.get_username()}
    if not AxesProxyHandler.is_allowed(request, credentials):
        return tell_locked_out(request, HttpResponse(), credentials)
    try:
        answer = pass_second_factor(held.user, code=form.cleaned_data["code"])
    except SecondFactorOff:  # reset meanwhile: the password was right, and is all that is asked for
        return None
    if answer == "resting":
        until = resting_until([held.user.pk]).get(held.user.pk, timezone.now())
        return show_locked(request, until - timezone.now(), is_code=True)
    if answer == "wrong":
        user_login_failed.send(sender=__name__, credentials=credentials, request=request)
        form.refuse(SecondFactorCodeWrong())
    return None
