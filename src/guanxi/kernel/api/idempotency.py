"""Asking twice is safe: a call that names a key is done once, and answered alike every time."""

from __future__ import annotations

import functools
import hashlib
import inspect
import json
from collections.abc import Callable
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, transaction
from django.http import HttpRequest
from django.utils import timezone
from ninja import Status

from guanxi.kernel.access.reader import reader_of
from guanxi.kernel.api.errors import IdempotencyKeyReused
from guanxi.kernel.api.models import IdempotentCall

HEADER = "Idempotency-Key"
LONGEST = 100
Operation = Callable[..., Any]


def idempotent(status: int) -> Callable[[Operation], Operation]:
    """Let a route that answers with `status` and a plain body honour the header `Idempotency-Key`.

    The call, its key and its answer commit together: what failed left nothing, so it may be tried again with the same
    key. Of two at once the second waits and gets the first one's answer.
    """

    def decorate(operation: Operation) -> Operation:
        @functools.wraps(operation)
        def run(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            key = request.headers.get(HEADER, "")
            if not key:
                return Status(status, operation(request, *args, **kwargs))
            if len(key) > LONGEST:  # two that differ at their end are two
                key = hashlib.sha256(key.encode()).hexdigest()
            asked = hashlib.sha256(b"\n".join([_line(request), request.body])).hexdigest()
            try:
                with transaction.atomic():
                    row = IdempotentCall.objects.create(
                        user=reader_of(request), key=key, asked=asked, at=timezone.now()
                    )
                    answer = json.dumps(operation(request, *args, **kwargs), cls=DjangoJSONEncoder, ensure_ascii=False)
                    IdempotentCall.objects.filter(pk=row.pk).update(status=status, answer=answer)
                    return Status(status, json.loads(answer))
            except IntegrityError:
                kept = IdempotentCall.objects.filter(user=reader_of(request), key=key).first()
                if kept is None:  # not the key collided, but something within the call
                    raise
            if kept.asked != asked:
                raise IdempotencyKeyReused(key=key)
            return Status(kept.status, json.loads(kept.answer))

        # What it takes is read from annotations, whose names live in the module of the operation.
        run.__signature__ = inspect.signature(operation, eval_str=True)  # type: ignore[attr-defined]
        return run

    return decorate


def _line(request: HttpRequest) -> bytes:
    return f"{request.method} {request.get_full_path()}".encode()
