"""Forms as the design system draws them: inputs one below the other, labels above, errors beside and in a summary.

A form is read by rules of the app it belongs to; here is only what a template needs to draw it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from django.utils.functional import Promise

Text = str | Promise
Widget = Literal[
    "text", "long", "number", "choice", "pills", "checks", "tel", "email", "date", "time", "moment", "check", "hidden"
]
SEPARATOR: Final = ";"  # between the values of several ticked boxes


@dataclass(frozen=True)
class Input:
    """One input. `options` are value and text: `pills` side by side, `choice` as a list to open, `checks` to tick.

    `theirs` is what somebody else saved in this field meanwhile; `before` what it held when the form was drawn.
    """

    name: str
    label: Text
    value: str = ""
    widget: Widget = "text"
    options: Sequence[tuple[str, Text]] = ()
    is_required: bool = False
    is_sure: bool = False  # one of the pills is always chosen, "not said" is none of them
    longest: int = 0
    hint: Text = ""
    error: str = ""
    theirs: str | None = None
    before: str | None = None
    prefix: str = ""  # tells the ids of two forms on one page apart

    @property
    def id(self) -> str:
        """The id of the input in its page."""
        return f"{self.prefix}{self.name}"

    @property
    def ticked(self) -> list[str]:
        """The values of ticked boxes."""
        return self.value.split(SEPARATOR)

    @property
    def told_by(self) -> str:
        """The ids of what explains the input: its hint, its error."""
        ids = [f"{self.id}-{part}" for part, said in (("hint", self.hint), ("error", self.error)) if said]
        return " ".join(ids)


@dataclass(frozen=True)
class Form:
    """A form. `errors` are those of the whole; those of one input stand with it, and all of them in the summary."""

    inputs: Sequence[Input]
    errors: Sequence[str] = ()
    by_name: Mapping[str, Input] = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_name", {one.name: one for one in self.inputs})

    @property
    def wrong(self) -> list[Input]:
        """The inputs with an error."""
        return [one for one in self.inputs if one.error]
