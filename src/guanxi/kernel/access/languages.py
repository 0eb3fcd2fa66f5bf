"""The languages the product speaks."""

from __future__ import annotations

from django.conf import settings

from guanxi.kernel.access.errors import LanguageUnknown


def refuse_unknown_language(language: str) -> None:
    """Raise `LanguageUnknown` if the product does not speak it."""
    known = [code for code, _title in settings.LANGUAGES]
    if language not in known:
        raise LanguageUnknown(language=language, languages=", ".join(known))
