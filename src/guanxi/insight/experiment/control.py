"""Keeping a control group apart by chance, the same way on every engine and in every run."""

from __future__ import annotations

from guanxi.insight.engines import Table, step
from guanxi.insight.errors import InsightError


def control_split(member: Table, salt: str, share: float = 0.1) -> Table:
    """Split members at random into those who are treated and those who are left alone.

    The order is that of md5 of `salt:customer_id`, so nobody can choose who is left alone, the split can be repeated,
    and two experiments with different salts draw independently. The control group's size is exact, not expected.

    Parameters
    ----------
    member : Table
        One row a customer: `customer_id`. More columns are ignored.
    salt : str
        What makes this split its own, such as the name of the experiment.
    share : float
        The control group's share of the members, from 0 (nobody) to less than 1; its size is rounded half up, and
        with a share above 0 and two members or more nobody is left without a counterpart.

    Returns
    -------
    Table
        `customer_id`, `arm` ("treated" or "control").

    Raises
    ------
    InsightError
        `bad_share` if the share is outside [0, 1).

    Examples
    --------
    >>> import pyarrow as pa, guanxi.insight as gx
    >>> engine = gx.duckdb_engine()
    >>> member = engine.arrow(pa.table({"customer_id": list(range(20))}))
    >>> rows = gx.experiment.control_split(member, "autumn", 0.1).rows(["customer_id"])
    >>> [row["customer_id"] for row in rows if row["arm"] == "control"]
    [12, 16]
    """
    if not 0 <= share < 1:
        raise InsightError(
            "bad_share", f"A control group cannot be a share of {share:g}.", cure="Give a share from 0 to below 1."
        )
    members = member.count()
    controls = int(share * members + 0.5)
    if share > 0 and members > 1:
        controls = min(max(controls, 1), members - 1)
    return member.engine.run(
        step(__file__, "control_split.sql"), {"member": member}, {"salt": salt, "controls": controls}
    )
