"""Where a customer is, in the reader's language."""

from __future__ import annotations

from django.utils.translation import get_language

from guanxi.kernel.places import place_name


def place_of(region_code: str, city: str) -> str:
    """Region and city; a city that is its own region is named once.

    >>> place_of("", "Leeds")
    'Leeds'
    """
    if not region_code:
        return city
    region = place_name(region_code, get_language() or "en")
    is_same = city.removesuffix("市") in {place_name(region_code, language) for language in ("zh-hans", "en")}
    return region if is_same or not city else f"{region} · {city}"
