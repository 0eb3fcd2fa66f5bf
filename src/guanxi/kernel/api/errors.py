"""What can go wrong at the door for programs."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError, NotFound


class NotSignedIn(GuanxiError):
    """Nobody known asks."""

    code = "not_signed_in"
    sentence = _("Nobody is signed in, or the token is not valid any more.")
    cure = _("Send a valid token in the header “Authorization: Bearer ...”.")


class RequestInvalid(GuanxiError):
    """What was sent is not what the route takes."""

    code = "request_invalid"
    sentence = _("The request cannot be read.")
    cure = _("Correct what the problems name; the route's description says what it takes.")


class TooManyRequests(GuanxiError):
    """Faster than this installation allows."""

    code = "too_many_requests"
    sentence = _("Too many requests at once.")
    cure = _("Wait as many seconds as the header Retry-After says.")


class RouteUnknown(NotFound):
    """No such address."""

    code = "route_unknown"
    sentence = _("There is nothing at this address.")
    cure = _("The list of all routes is at /api/v1/openapi.json.")


class IdempotencyKeyReused(GuanxiError):
    """One key stands for one request."""

    code = "idempotency_key_reused"
    sentence = _("The key “{key}” was used for another request.")
    cure = _("Take a new key for every new request, the same only to ask again.")


class TokenNameMissing(GuanxiError):
    """A token without a name could not be told from the others."""

    code = "token_name_missing"
    sentence = _("The token needs a name.")
    cure = _("Name the program that will use it.")


class TokenUnknown(NotFound):
    """No such token, or somebody else's."""

    code = "token_unknown"
    sentence = _("There is no token {token_id}.")
    cure = _("Choose one of your own.")
