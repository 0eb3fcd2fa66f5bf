"""Who works at the sample company and signs in to try the product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

PASSWORD: Final = "guanxi-demo"  # noqa: S105  # for the sample company only, and printed with its log-ins


@dataclass(frozen=True)
class Login:
    """A user of the sample company."""

    username: str
    display_name: str
    roles: tuple[str, ...]
    employee_no: str | None = None


LOGINS: Final = (
    Login("liu", "刘总", ("manager",)),
    Login("shen", "沈嘉敏", ("seller",), "S01"),
    Login("zhou", "周敏", ("service",)),
    Login("wu", "吴悦", ("marketer",)),
    Login("zheng", "郑凯", ("operator",)),
    Login("lin", "林涛", ("analyst",)),
    Login("admin", "系统管理员", ("administrator",)),
)
