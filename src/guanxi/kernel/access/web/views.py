"""Log-in, language, theme, and where everybody lands."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.csrf import csrf_failure
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django.views.i18n import set_language

from guanxi.kernel.access.preferences import remember_language
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.access.second_factor import has_second_factor
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.access.web.forms import LogInForm
from guanxi.kernel.access.web.second_step import CHOSEN, YEAR, ask_for_code_again, hold, sign_in, tell_token
from guanxi.kernel.ui.frame import THEME_COOKIE, THEMES
from guanxi.kernel.ui.registry import home_entry_for


def home(request: HttpRequest) -> HttpResponse:
    """The first page of this reader's work; it differs by role."""
    entry = home_entry_for(reader_of(request))
    if entry is None:
        return render(request, "access/no_pages.html", status=403)
    return redirect(entry.url_name)


@method_decorator(never_cache, name="dispatch")
class LogIn(LoginView):
    """The log-in page; afterwards the product speaks the user's language."""

    template_name = "access/login.html"
    authentication_form = LogInForm
    redirect_authenticated_user = True

    def form_valid(self, form: LogInForm) -> HttpResponse:  # type: ignore[override]
        """Sign in, or ask for the code first."""
        user, onward = form.get_user(), self.get_success_url()
        if has_second_factor(user.pk):
            hold(self.request, user, onward)
            return redirect("log-in-code")
        return sign_in(self.request, user, onward)


@never_cache
@require_GET
def still_signed_in(request: HttpRequest) -> HttpResponse:
    """Whether the session still lives, with the token for the forms of a page that has been open for long."""
    return HttpResponse(status=204, headers={"X-CSRFToken": get_token(request)})


@login_not_required
@never_cache
@require_POST
def log_in_again(request: HttpRequest) -> HttpResponse:
    """Log in above a page whose session ended: who it is and the new token, or the form with what was wrong."""
    if not request.user.is_authenticated:
        form = LogInForm(request, data=request.POST)
        if not form.is_valid():
            return render(request, "access/_log_in_again.html", {"form": form}, status=422)
        user = form.get_user()
        if has_second_factor(user.pk):
            hold(request, user, "")
            return ask_for_code_again(request)
        login(request, user)
    return tell_token(request)


def tell_old_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form without its token, or with that of an earlier log-in (`CSRF_FAILURE_VIEW`); `log-in.js` mends it."""
    response = csrf_failure(request, reason=reason)
    response["X-Guanxi-Token"] = "old"
    return response


@login_not_required
@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Switch the language of the page, and remember it for the user."""
    language = request.POST.get("language", "")
    response = set_language(request)
    if check_for_language(language) and language in dict(settings.LANGUAGES):
        if request.user.is_authenticated:
            remember_language(SYSTEM, user_id=request.user.pk, language=language)
        else:
            request.session[CHOSEN] = language
    return response


@login_not_required
@require_POST
def choose_theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device says; kept in a cookie, so that the next page starts in it."""
    theme, onward = request.POST.get("theme", ""), request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    response = redirect(onward if safe else "home")
    if theme in THEMES:
        response.set_cookie(THEME_COOKIE, theme, max_age=YEAR, samesite="Lax")
    return response
