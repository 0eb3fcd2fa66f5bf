"""What the states, steps and counts of a data update are called."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from guanxi.kernel.runs.queries import RunLine, StepLine
from guanxi.kernel.ui import formats


@dataclass(frozen=True)
class StateWord:
    """A state as a badge."""

    label: Promise
    icon: str
    tone: str


STATES = {
    "running": StateWord(_("Running"), "refresh", "info"),
    "stopped": StateWord(_("Stopped"), "alert-triangle", "danger"),
    "done": StateWord(_("Finished"), "circle-check", "success"),
    "abandoned": StateWord(_("Given up"), "x", "neutral"),
}

STEPS: dict[str, Promise] = {
    "land": _("Take in the files"),
    "resolve": _("Recognise the customers"),
    "marts": _("Arrange the facts"),
    "models": _("Work out values and stages"),
    "publish": _("Bring it to the pages"),
}

COUNTS: dict[str, Promise] = {
    "files": _("files"),
    "rows": _("rows in"),
    "landed": _("landed"),
    "rejected": _("rejected"),
    "filtered": _("filtered out"),
    "records": _("records"),
    "customers": _("customers"),
    "retired": _("ids retired"),
    "conflicts": _("conflicts"),
    "lines": _("purchase lines"),
    "orders": _("orders"),
    "products": _("products"),
    "standings": _("standings"),
    "replaced": _("files replaced"),
}


def step_name(name: str) -> str:
    """What the step does, in words; its own name where nobody has given it one."""
    return str(STEPS.get(name, name))


def counts_in_words(counts: dict[str, int]) -> str:
    """As "541,909 rows in · 541,000 landed · 909 rejected"; a zero is left out, except of what came in."""
    known = [(name, counts[name]) for name in COUNTS if name in counts]
    return " · ".join(
        f"{formats.number(count)} {COUNTS[name]}" for name, count in known if count or name in {"rows", "records"}
    )


def step_text(step: StepLine) -> str:
    """How far a step is, or how long it took and what it counted."""
    if step.state == "waiting":
        return ""
    if step.state == "running":
        if step.expected:
            return gettext("%(done)s of %(expected)s") % {
                "done": formats.number(step.done), "expected": formats.number(step.expected),
            }  # fmt: skip
        return formats.number(step.done) if step.done else ""
    words = counts_in_words(step.counts)
    took = formats.seconds(step.seconds)
    return f"{words} · {took}" if words else took


def kept_in_words(run: RunLine, shown_as_of: date | None) -> str:
    """After a stop: where it stopped, what is kept, and what the pages go on showing."""
    stopped = run.current_step
    done = sum(1 for step in run.steps if step.state == "done")
    sentences = []
    if stopped is not None:
        sentences.append(
            gettext("Stopped at step %(position)s of %(total)s, “%(step)s”.")
            % {"position": stopped.position, "total": len(run.steps), "step": step_name(stopped.name)}
        )
    if done:
        sentences.append(
            ngettext(
                "The finished step is kept and will not be done again.",
                "The %(count)s finished steps are kept and will not be done again.",
                done,
            )
            % {"count": done}
        )
    if shown_as_of is not None:
        sentences.append(
            gettext("Nothing earlier changed: the pages still show %(day)s.") % {"day": formats.day(shown_as_of)}
        )
    else:
        sentences.append(gettext("Nothing was shown on the pages yet."))
    return formats.sentences(sentences)
