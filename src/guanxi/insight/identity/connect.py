"""Connected components in SQL: records that share something are one."""

from __future__ import annotations

from guanxi.insight.engines import Step, Table, step, tidy


@tidy
def connect(edges: Table) -> Table:
    """The connected components of records that share buckets (S1j).

    A bucket is anything two records of one customer would share: a certificate, a verified phone.
    Records sharing a bucket are one, and so are records joined by a chain of such.

    Parameters
    ----------
    edges : Table
        `record` (BIGINT) and `bucket` (BIGINT or VARCHAR). A row with bucket NULL just names a
        record, which stays alone unless another row joins it. More columns are ignored.

    Returns
    -------
    Table
        `record`, `component` (the smallest record of the component); one row a record.

    Notes
    -----
    Label propagation with pointer jumping: every node points at the smallest node it shares a
    bucket with, pointers jump until they reach a root, and the graph is contracted to its roots,
    until no bucket joins two roots. A chain of n records, in whatever order they are numbered,
    takes O(log n) passes where plain propagation takes n. Shiloach and Vishkin (1982), "An O(log n)
    parallel connectivity algorithm", J. of Algorithms 3(1).

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> edges = engine.arrow(pa.table({"record": [1, 2, 2, 3, 9], "bucket": ["a", "a", "b", "b", None]}))
    >>> [(row["record"], row["component"]) for row in gx.identity.connect(edges).rows(["record"])]
    [(1, 1), (2, 1), (3, 1), (9, 9)]
    """
    engine = edges.engine
    label = engine.run(_step("begin_labels"), {"edge": edges})
    edge = engine.run(_step("begin_edges"), {"edge": edges})
    while edge.count():
        pointer = engine.run(_step("hook"), {"edge": edge})
        pointer = _to_roots(pointer)
        contracted = engine.run(_step("contract"), {"edge": edge, "pointer": pointer})
        relabelled = engine.run(_step("relabel"), {"label": label, "pointer": pointer})
        for old in (edge, label, pointer):  # now rather than at the end: there may be many rounds
            old.drop()
        edge, label = contracted, relabelled
    return label


def _to_roots(pointer: Table) -> Table:
    while _still_moving(pointer):
        jumped = pointer.engine.run(_step("jump"), {"pointer": pointer})
        pointer.drop()
        pointer = jumped
    return pointer


def _still_moving(pointer: Table) -> bool:
    moving = pointer.engine.run(_step("moving"), {"pointer": pointer})
    nodes = moving.rows()[0]["nodes"]
    moving.drop()
    return bool(nodes)


def _step(name: str) -> Step:
    return step(__file__, f"{name}.sql")
