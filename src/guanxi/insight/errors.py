"""The one error of the library: a code, what happened, where, and the cure."""

from __future__ import annotations


class InsightError(ValueError):
    """A mistake the caller can mend: a missing input, a wrong parameter, a step that failed.

    Parameters
    ----------
    code : str
        A short stable name of the mistake, for programs (`missing_input`).
    sentence : str
        What happened, in words.
    place : str, optional
        Where: a file, a step.
    cure : str, optional
        What to do about it.

    Examples
    --------
    >>> str(InsightError("missing_param", "The parameter “as_of” is missing.", place="summary.sql"))
    'The parameter “as_of” is missing. (summary.sql)'
    """

    def __init__(self, code: str, sentence: str, *, place: str = "", cure: str = "") -> None:
        super().__init__(code, sentence, place, cure)
        self.code = code
        self.sentence = sentence
        self.place = place
        self.cure = cure

    def __str__(self) -> str:
        parts = [self.sentence, self.place and f"({self.place})", self.cure]
        return " ".join(part for part in parts if part)
