"""The tokens of a user: parse, call, render."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.api.commands import create_token, revoke_token
from guanxi.kernel.api.doors import USE
from guanxi.kernel.api.errors import TokenNameMissing
from guanxi.kernel.api.queries import list_tokens
from guanxi.kernel.errors import PermissionDenied


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def show(request: HttpRequest) -> HttpResponse:
    """The valid tokens; a new one is shown on the answer that makes it, and never again."""
    reader = reader_of(request)
    if not reader.may(USE):
        raise PermissionDenied(permission=USE)
    made, error = "", None
    if request.method == "POST":
        try:
            made = create_token(reader, name=request.POST.get("name", ""))
        except TokenNameMissing as refused:
            error = refused
    context = {"tokens": list_tokens(reader), "made": made, "error": error}
    return render(request, "guanxi_api/tokens.html", context, status=400 if error else 200)


@require_POST
def revoke(request: HttpRequest, token_id: int) -> HttpResponse:
    """Let a token open nothing any more."""
    revoke_token(reader_of(request), token_id=token_id)
    messages.success(request, gettext("The token is revoked."))
    return redirect("tokens")
