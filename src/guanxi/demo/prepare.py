"""The sample company moves into a home: its people, its source files, its first data update."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from guanxi.demo.company import SEED, Seller, write_company
from guanxi.demo.logins import LOGINS, PASSWORD, Login
from guanxi.intelligence.road import refresh
from guanxi.intelligence.sources.contract import load_contract
from guanxi.kernel.access.commands import create_user, ensure_roles, set_company
from guanxi.kernel.access.models import User
from guanxi.kernel.access.queries import find_company
from guanxi.kernel.access.system import SYSTEM
from guanxi.kernel.runs.engine import SILENT, Progress
from guanxi.kernel.runs.models import Run

COMPANY = "T公司"


def make_sample_company(
    home: Path, warehouse: Path, *, as_of: date, seed: int = SEED, progress: Progress = SILENT
) -> Run:
    """Write the sample company's source files, bring its people in and run its first data update.

    Safe to call again: what is there already stays, and a stopped update goes on.
    """
    company = write_company(home / "demo", as_of=as_of, seed=seed)
    ensure_roles(SYSTEM)
    if find_company() is None:  # who opened the home by the first-run page has named it already
        set_company(SYSTEM, COMPANY)
    for login in (*LOGINS, *_logins_of(company.sellers)):
        if not User.objects.filter(username=login.username).exists():
            create_user(
                SYSTEM, login.username, PASSWORD,
                roles=login.roles, display_name=login.display_name, employee_no=login.employee_no,
            )  # fmt: skip
    contracts = [load_contract(path) for path in company.contracts]
    return refresh(contracts, home=home, root=warehouse, actor=SYSTEM, business_date=as_of, progress=progress)


def _logins_of(sellers: list[Seller]) -> list[Login]:
    taken = {login.employee_no for login in LOGINS}
    return [
        Login(seller.employee_no.lower(), seller.name, ("seller",), seller.employee_no)
        for seller in sellers
        if seller.active and seller.employee_no not in taken
    ]
