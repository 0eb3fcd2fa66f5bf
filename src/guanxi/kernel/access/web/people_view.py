"""What the list of users shows."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext

from guanxi.kernel.access.queries import PersonLine, PersonList
from guanxi.kernel.access.queries.people import State
from guanxi.kernel.ui.formats import listed, moment, number
from guanxi.kernel.ui.parts import Cell, Column, Pager, Row, Tab, Table


def people_context(found: PersonList, q: str, state: State) -> dict[str, Any]:
    """Everything the page needs."""

    def url(**changed: object) -> str:
        asked = {"q": q, "state": state, **changed}
        plain = {name: value for name, value in asked.items() if value and (name, value) != ("state", "active")}
        return f"{reverse('settings-people')}?{urlencode(plain)}" if plain else reverse("settings-people")

    titles: dict[State, str] = {
        "active": gettext("Active"), "off": gettext("Switched off"), "all": gettext("All"),
    }  # fmt: skip
    return {
        "q": q, "state": state, "count": number(found.count), "table": _table(found),
        "tabs": [Tab(title, url(state=key), active=key == state) for key, title in titles.items()],
        "pager": Pager(
            url(page=found.page + 1) if found.page < found.pages else "",
            url(page=found.page - 1) if found.page > 1 else "",
        ),
    }  # fmt: skip


def _table(found: PersonList) -> Table:
    return Table(
        columns=[
            Column("name", gettext("Name")), Column("username", gettext("User name")),
            Column("roles", gettext("Roles")), Column("team", gettext("Team")), Column("branch", gettext("Branch")),
            Column("employee_no", gettext("Employee number")), Column("last", gettext("Last log-in")),
            Column("state", gettext("State")),
        ],
        rows=[_row(line) for line in found.rows],
        caption=gettext("Users"), empty=gettext("Nobody matches."), name="users", fits_page=True,
    )  # fmt: skip


def _row(line: PersonLine) -> Row:
    url = reverse("settings-person", args=[line.id])
    return Row(
        [
            Cell(line.name, href=url), Cell(line.username), Cell(listed(line.roles)), Cell(line.team),
            Cell(line.branch), Cell(line.employee_no),
            Cell(moment(line.last_login) if line.last_login else gettext("never")), _state(line),
        ],
        href=url,
    )  # fmt: skip


def _state(line: PersonLine) -> Cell:
    if not line.is_active:
        return Cell(gettext("switched off"), tone="warning")
    if line.locked_until is not None:
        return Cell(gettext("locked out"), tone="danger")
    return Cell(gettext("active"))
