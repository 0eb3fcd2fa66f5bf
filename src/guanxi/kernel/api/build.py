"""The API put together from the routes of every app."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja import NinjaAPI, Router
from ninja.throttling import SimpleRateThrottle

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.api.answers import tell_errors
from guanxi.kernel.api.doors import PageDoor, TokenDoor
from guanxi.kernel.api.rate import seconds_left, take_call


class PerUser(SimpleRateThrottle):
    """Counts by user, whichever of their tokens or pages asks, and whichever process answers."""

    def allow_request(self, request: HttpRequest) -> bool:
        """Whether the user is below the rate of the settings."""
        most, seconds = self._rate
        return take_call(reader_of(request).pk, most=most, seconds=seconds)

    def wait(self) -> float:
        """In how many seconds the count begins anew."""
        _most, seconds = self._rate
        return seconds_left(seconds)

    @property
    def _rate(self) -> tuple[int, int]:
        most, seconds = self.parse_rate(settings.API_RATE)
        return most or 0, seconds or 1


_routers: dict[str, tuple[str, Router]] = {}


def add_router(prefix: str, router: Router, *, tag: str) -> None:
    """Put an app's routes under `/api/v1/PREFIX`; the same prefix replaces, so loading twice is safe."""
    _routers[prefix] = (tag, router)


def build_api() -> NinjaAPI:
    """The API of this installation; its description is at `/api/v1/openapi.json`."""
    from guanxi import __version__
    from guanxi.kernel.api import routes  # noqa: F401  # registers the kernel's own

    api = NinjaAPI(
        title="Guanxi", version=__version__, urls_namespace="api", docs_url=None,
        auth=[TokenDoor(), PageDoor()], throttle=[PerUser("1/s")],
        description="The same commands and queries as the pages. Times are ISO 8601, money is a decimal in text.",
    )  # fmt: skip
    tell_errors(api)
    for prefix, (tag, router) in sorted(_routers.items()):
        api.add_router(prefix, router, tags=[tag])
    return api
