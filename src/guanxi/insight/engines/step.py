"""A step: one SELECT in a file of its own, with named inputs and parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from guanxi.insight.engines import literals, macros
from guanxi.insight.errors import InsightError

DIALECT = "duckdb"


@dataclass(frozen=True)
class Step:
    """One SELECT (WITH allowed) in DuckDB's dialect.

    Bare table names are its inputs, `$name` its parameters, `gx_...` calls are macros. It is put
    together on the syntax tree, so no value is ever pasted into text.

    Examples
    --------
    >>> s = Step.from_text("spend", "select sum(revenue) as s from purchase where ordered_at <= $until")
    >>> sorted(s.inputs), sorted(s.params)
    (['purchase'], ['until'])
    """

    name: str
    text: str
    place: str = ""

    @classmethod
    def from_file(cls, path: Path | str) -> Step:
        """The step in a `.sql` file, named like the file."""
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise InsightError(
                "step_not_found", f"The step file {path.name} cannot be read.", place=str(path)
            ) from error
        return cls(name=path.stem, text=text, place=f"{path.parent.name}/{path.name}")

    @classmethod
    def from_text(cls, name: str, text: str) -> Step:
        """A step from a string, for notebooks and tests."""
        return cls(name=name, text=text, place=name)

    @property
    def tree(self) -> exp.Query:
        """The syntax tree, a copy of the caller's own."""
        return _parse(self.text, self.place).copy()

    @property
    def inputs(self) -> frozenset[str]:
        """The names of the tables the step reads, in lower case."""
        tree = _parse(self.text, self.place)
        return frozenset(table.name.lower() for table in _outside_tables(tree))

    @property
    def params(self) -> frozenset[str]:
        """The names of its parameters."""
        tree = _parse(self.text, self.place)
        return frozenset(str(hole.this) for hole in tree.find_all(exp.Placeholder) if hole.this)

    def compile(self, dialect: str, relations: Mapping[str, str], params: Mapping[str, Any] | None = None) -> str:
        """The SQL for one engine.

        Parameters
        ----------
        dialect : str
            `duckdb` or `spark`.
        relations : mapping of str to str
            Input name -> the engine's relation.
        params : mapping, optional
            Parameter name -> value.

        Raises
        ------
        InsightError
            `missing_input`, `unknown_input`, `missing_param`, `unknown_param`, `wrong_param`,
            `unknown_macro`, `input_hidden`, `not_translatable`.
        """
        by_name = {name.lower(): relation for name, relation in relations.items()}
        tree: exp.Expr = self.tree
        self._check_inputs(tree, by_name)
        for table in _outside_tables(tree):
            name = table.name
            if not table.alias:
                table.set("alias", exp.TableAlias(this=exp.to_identifier(name)))
            table.set("this", exp.to_identifier(by_name[name.lower()], quoted=True))
        tree = literals.put_params(tree, params or {}, self.place)
        tree = macros.expand(tree, dialect, self.place)
        try:
            return tree.sql(dialect=dialect, comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE)
        except SqlglotError as error:
            sentence = f"The SQL cannot be written for {dialect}: {error}"
            raise InsightError("not_translatable", sentence, place=self.place) from error

    def _check_inputs(self, tree: exp.Expr, relations: Mapping[str, str]) -> None:
        hidden = {cte.alias.lower() for cte in tree.find_all(exp.CTE)} & set(relations)
        if hidden:
            name = min(hidden)
            raise InsightError(
                "input_hidden",
                f"The input “{name}” has the name of a WITH clause, which would hide it.",
                place=self.place,
                cure="Give the WITH clause another name.",
            )
        if missing := sorted(self.inputs - set(relations)):
            raise InsightError(
                "missing_input", f"The input “{missing[0]}” is missing.", place=self.place, cure="Give it in inputs."
            )
        if extra := sorted(set(relations) - self.inputs):
            raise InsightError(
                "unknown_input",
                f"There is no input “{extra[0]}”.",
                place=self.place,
                cure=f"The step reads: {', '.join(sorted(self.inputs)) or 'none'}.",
            )


def step(beside: str, file: str) -> Step:
    """The step in `file`, in the folder of the module `beside` (pass `__file__`)."""
    return Step.from_file(Path(beside).parent / file)


@lru_cache(maxsize=512)
def _parse(text: str, place: str) -> exp.Query:
    try:
        trees = [tree for tree in sqlglot.parse(text, read=DIALECT) if tree is not None]
    except SqlglotError as error:
        first = str(error).splitlines()[0]
        raise InsightError("step_unreadable", f"The SQL cannot be read: {first}", place=place) from error
    if len(trees) != 1 or not isinstance(trees[0], exp.Query):
        raise InsightError("not_one_select", "A step is one SELECT and nothing else.", place=place)
    return trees[0]


def _outside_tables(tree: exp.Expr) -> list[exp.Table]:
    """The tables a step does not define itself."""
    own = {cte.alias.lower() for cte in tree.find_all(exp.CTE)}
    return [
        table
        for table in tree.find_all(exp.Table)
        if isinstance(table.this, exp.Identifier) and not table.db and table.name.lower() not in own
    ]
