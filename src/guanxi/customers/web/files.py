"""Files kept with customers: sent up, sent down, put into the bin and taken out."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guanxi.customers.commands import add_attachment, delete_attachment, restore_attachment
from guanxi.customers.errors import EntryUnknown, FileRefused
from guanxi.customers.files import path_of
from guanxi.customers.models import Attachment
from guanxi.customers.queries.attached import get_attached, get_file
from guanxi.customers.web.attached import draw_part, part_event
from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.ui.toasts import with_event, with_toast

# A file somebody sent up runs nothing and shows nothing of ours, whatever a browser takes it for.
SANDBOX = "default-src 'none'; sandbox"


@require_GET
def download(request: HttpRequest, attachment_id: int) -> HttpResponse | FileResponse:
    """The file, always to be saved and never to be shown in place."""
    kept = get_file(reader_of(request), attachment_id)
    try:
        content = path_of(kept.digest).open("rb")
    except FileNotFoundError:
        raise EntryUnknown from None
    response = FileResponse(content, as_attachment=True, filename=kept.name, content_type=kept.content_type)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_POST
def upload(request: HttpRequest, customer_id: int) -> HttpResponse:
    """Keep the files that were chosen; the first that is refused stops, and says why."""
    reader = reader_of(request)
    refused: FileRefused | None = None
    for sent in request.FILES.getlist("file"):
        try:
            add_attachment(reader, customer_id=customer_id, name=sent.name or "", chunks=sent.chunks())
        except FileRefused as error:
            refused = error
            break
    return draw_part(request, customer_id, "attachment", refused=refused)


@require_POST
def delete(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Put the file into the bin."""
    reader = reader_of(request)
    customer_id, _row = get_attached(reader, Attachment, attachment_id)
    delete_attachment(reader, attachment_id=attachment_id)
    undo = reverse("customer-file-restore", args=[attachment_id])
    return with_toast(draw_part(request, customer_id, "attachment"), _("In the bin"), undo)


@require_POST
def restore(request: HttpRequest, attachment_id: int) -> HttpResponse:
    """Take the file out of the bin; the page that asked by its toast reads its files anew."""
    reader = reader_of(request)
    customer_id, _row = get_attached(reader, Attachment, attachment_id)
    restore_attachment(reader, attachment_id=attachment_id)
    if request.headers.get("HX-Request"):
        return with_event(HttpResponse(status=204), part_event("attachment"))
    return redirect("customer", customer_id)
