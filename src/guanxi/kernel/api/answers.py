"""Errors as programs read them: a code, a sentence, the place and the cure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any, Final

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from ninja import Field, NinjaAPI, Path, Schema
from ninja.errors import AuthenticationError, Throttled, ValidationError

from guanxi.kernel.api.errors import NotSignedIn, RequestInvalid, RouteUnknown, TooManyRequests
from guanxi.kernel.errors import GuanxiError, NotFound, PermissionDenied

LARGEST: Final = 2**63 - 1  # what the databases hold
Number = Annotated[int, Path(ge=1, le=LARGEST)]  # of a row, in an address
Id = Annotated[int, Field(ge=1, le=LARGEST)]  # of a row, in a body or a query


class ProblemSchema(Schema):
    """One thing in a request that cannot be."""

    place: str
    message: str


class ErrorSchema(Schema):
    """What went wrong: a stable code for programs, the rest for people, in the language of the request."""

    code: str
    message: str
    place: str
    cure: str
    problems: list[ProblemSchema] = Field(default_factory=list)


ERRORS = {400: ErrorSchema, 401: ErrorSchema, 403: ErrorSchema, 404: ErrorSchema, 409: ErrorSchema, 422: ErrorSchema,
          429: ErrorSchema}  # fmt: skip


def status_of(error: GuanxiError) -> int:
    """404 for what one may not know of, 403 for what one may not do, else 409: nothing was changed."""
    if isinstance(error, NotFound):
        return 404
    return 403 if isinstance(error, PermissionDenied) else 409


def body_of(error: GuanxiError, problems: Sequence[dict[str, str]] = ()) -> dict[str, Any]:
    """The error as JSON, in the language of the request."""
    return {
        "code": error.code, "message": error.message, "place": error.place, "cure": error.remedy,
        "problems": list(problems),
    }  # fmt: skip


@csrf_exempt
@login_not_required
def no_route(_request: HttpRequest, _rest: str) -> JsonResponse:
    """What an address below `/api/` answers that is none."""
    return JsonResponse(body_of(RouteUnknown()), status=404)


def tell_errors(api: NinjaAPI) -> None:
    """Make the API answer every error with one shape of body."""

    def answer(
        request: HttpRequest, error: GuanxiError, status: int, problems: Sequence[dict[str, str]] = ()
    ) -> HttpResponse:
        return api.create_response(request, body_of(error, problems), status=status)

    @api.exception_handler(GuanxiError)
    def refuse(request: HttpRequest, error: GuanxiError) -> HttpResponse:
        return answer(request, error, status_of(error))

    @api.exception_handler(Http404)
    def not_there(request: HttpRequest, _error: Http404) -> HttpResponse:
        return answer(request, RouteUnknown(), 404)

    @api.exception_handler(AuthenticationError)
    def not_known(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
        response = answer(request, NotSignedIn(), 401)
        response.headers["WWW-Authenticate"] = "Bearer"
        return response

    @api.exception_handler(ValidationError)
    def not_readable(request: HttpRequest, error: ValidationError) -> HttpResponse:
        return answer(request, RequestInvalid(), 422, [_problem(found) for found in error.errors])

    @api.exception_handler(Throttled)
    def too_fast(request: HttpRequest, error: Throttled) -> HttpResponse:
        response = answer(request, TooManyRequests(), 429)
        response.headers["Retry-After"] = str(error.wait or 1)
        return response


def _problem(found: dict[str, Any]) -> dict[str, str]:
    return {"place": ".".join(str(part) for part in found.get("loc", ())), "message": str(found.get("msg", ""))}
