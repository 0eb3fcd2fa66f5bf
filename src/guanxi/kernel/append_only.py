"""Rows that are added and read, and never changed: a mistake is told by a further row."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.errors import GuanxiError


class RowsStay(GuanxiError):
    """Somebody tried to change or delete what is only ever added to."""

    code = "rows_stay"
    sentence = _("What was written down here cannot be changed or deleted.")
    cure = _("Write down what is right as a further entry.")


R = TypeVar("R", bound="AppendOnly")


class AppendOnlyRows(models.QuerySet[R]):
    """Rows are added and read, nothing else."""

    def update(self, **_: Any) -> NoReturn:
        """Refuse."""
        raise self._refusal

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise self._refusal

    def bulk_create(self, *args: Any, update_conflicts: bool = False, **kwargs: Any) -> list[R]:
        """Add many rows; to change those already there is refused."""
        if update_conflicts:
            raise self._refusal
        return super().bulk_create(*args, **kwargs)

    def delete(self) -> NoReturn:
        """Refuse."""
        raise self._refusal

    def _raw_delete(self, using: str | None) -> NoReturn:  # noqa: ARG002  # Django's own way around `delete`
        raise self._refusal

    @property
    def _refusal(self) -> GuanxiError:
        return self.model.refusal()


class AppendOnly(models.Model):
    """Base of rows that stay as they were written; `refusal` is what an attempt to change one is told."""

    refusal: ClassVar[type[GuanxiError]] = RowsStay

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add the row; one that is there already is refused."""
        if not self._state.adding:
            raise self.refusal
        kwargs["force_insert"] = True  # a row given the number of another one must not replace it
        super().save(*args, **kwargs)

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Refuse."""
        raise self.refusal
