"""The log-in by an OpenID Connect provider: out to it and back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from guanxi.kernel.access.commands import sign_in_by_oidc
from guanxi.kernel.access.second_factor import DUE
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.access.web.second_step import sign_in
from guanxi.kernel.errors import GuanxiError


def _door(view: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """There only where a provider is, and not for who is signed in; tells a refusal before the log-in."""

    @login_not_required
    @never_cache
    @require_safe
    @wraps(view)
    def opened(request: HttpRequest) -> HttpResponse:
        if not settings.OIDC_ISSUER:
            raise Http404
        if request.user.is_authenticated:
            return redirect("home")
        try:
            return view(request)
        except GuanxiError as error:
            return render(request, "access/oidc_refused.html", {"error": error}, status=403)

    return opened


@_door
def go(request: HttpRequest) -> HttpResponse:
    """Out to the provider. By a link rather than a form, which the page's security policy would keep at home."""
    from guanxi.kernel.access.oidc import begin  # what it needs is dear to load, and most homes never do

    onward = request.GET.get("next", "")
    safe = url_has_allowed_host_and_scheme(onward, {request.get_host()}, require_https=request.is_secure())
    return begin(request, onward if safe else "")


@_door
def come_back(request: HttpRequest) -> HttpResponse:
    """Back from the provider, with what it says."""
    from guanxi.kernel.access.oidc import finish

    identity, onward = finish(request)
    user = sign_in_by_oidc(SYSTEM, identity=identity)
    response = sign_in(request, user, onward or "home")
    request.session.pop(DUE, None)  # the provider has asked for what it asks for
    return response
