"""The palette as it fills while somebody types."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.palette.queries import find_commands, find_records


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Records only (`only=records`), or commands too, for what was typed (`q`) on the page `at`."""
    reader, text = reader_of(request), request.GET.get("q", "")
    sections = find_records(reader, text)
    if request.GET.get("only") != "records":
        sections += find_commands(reader, text, request.GET.get("at", ""))
    prefix = "suggested" if request.GET.get("only") == "records" else "palette"
    return render(request, "palette/_found.html", {"sections": sections, "asked": text.strip(), "prefix": prefix})
