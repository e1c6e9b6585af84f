"""`foyer audit`: whether the books of every organization agree with themselves, and where they do not."""

import asyncio
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import Final, Protocol
from uuid import UUID

import asyncpg
import msgspec

from foyer.cli.database import reachable, require_fit_login
from foyer.domains.checkout import audit, counted
from foyer.domains.checkout.types import Difference
from foyer.domains.organizations import organization_by_slug
from foyer.infra.db.engine import REVISION, Connection, Database
from foyer.infra.db.everyone import every_organization
from foyer.kernel.errors import Busy
from foyer.settings import Settings, SettingsError

SHOWN_MAX: Final = 1_000
"""Differences of one check in one organization that are printed; the rest is counted."""

_SLUG = "SELECT slug FROM organization_slugs WHERE organization_id = $1 AND current"


@dataclass
class Totals:
    """What was looked at, and how much of it is wrong."""

    organizations: int = 0
    orders: int = 0
    tickets: int = 0
    differences: int = 0
    seconds: float = 0.0


@dataclass
class Books:
    """One organization: what it has, and how many differences each check has found."""

    organization: str
    orders: int = 0
    tickets: int = 0
    found: dict[str, int] = field(default_factory=dict)

    @property
    def differences(self) -> int:
        return sum(self.found.values())


class Printer(Protocol):
    """How an audit is told."""

    def difference(self, books: Books, one: Difference) -> None: ...
    def organization(self, books: Books) -> None: ...
    def summary(self, totals: Totals) -> None: ...


def audit_books(settings: Settings, *, slug: str | None, as_json: bool) -> int:
    """Check one organization, or all of them; status 1 when there are differences."""
    printer = Json() if as_json else Table()
    try:
        with reachable(settings, makes=False) as address:
            asyncio.run(require_fit_login(address.app, revision=REVISION))
            totals = asyncio.run(_audit(address.app, slug, printer))
    except (Busy, asyncpg.PostgresError, asyncpg.InterfaceError) as wrong:
        raise SettingsError(f"The audit was broken off: {wrong.__cause__ or wrong}.") from None
    printer.summary(totals)
    return 1 if totals.differences else 0


async def _audit(url: str, slug: str | None, printer: Printer) -> Totals:
    totals, started = Totals(), time.monotonic()
    database = Database(url, pool_size=1)
    try:
        async with aclosing(_wanted(database, slug)) as wanted:
            async for organization_id in wanted:
                async with database.snapshot(organization_id) as connection:
                    books = await _audit_one(connection, organization_id, printer)
                totals.organizations += 1
                totals.orders += books.orders
                totals.tickets += books.tickets
                totals.differences += books.differences
                printer.organization(books)
    finally:
        await database.close()
    totals.seconds = round(time.monotonic() - started, 1)
    return totals


async def _wanted(database: Database, slug: str | None) -> AsyncGenerator[UUID, None]:
    if slug is not None:
        found = await organization_by_slug(database, slug)
        if found is None:
            raise SettingsError(f"There is no organization {slug!r}.")
        yield found
        return
    async for organization_id in every_organization(database):
        yield organization_id


async def _audit_one(connection: Connection, organization_id: UUID, printer: Printer) -> Books:
    name = await connection.fetchval(_SLUG, organization_id)
    books = Books(name or str(organization_id), *await counted(connection, organization_id))
    async with aclosing(audit(connection, organization_id)) as differences:
        async for one in differences:
            books.found[one.check] = books.found.get(one.check, 0) + 1
            if books.found[one.check] <= SHOWN_MAX:
                printer.difference(books, one)
    return books


class Table:
    """For people: differences on standard output, a line for each organization on standard error."""

    def difference(self, books: Books, one: Difference) -> None:
        if books.found[one.check] == 1:
            print(f"\n{books.organization}: {one.check}\n  {one.sentence}")
            print(f"  {'subject':<48}  {'expected':<38}  found")
        print(f"  {f'{one.subject} {one.subject_id}':<48}  {one.expected:<38}  {one.found}")

    def organization(self, books: Books) -> None:
        for check, count in books.found.items():
            if count > SHOWN_MAX:
                print(f"\n{books.organization}: {check}: {count - SHOWN_MAX} more that are not shown")
        said = _many(books.differences, "difference") if books.differences else "clean"
        print(
            f"{books.organization:<32} {books.orders:>10} orders {books.tickets:>10} tickets  {said}",
            file=sys.stderr,
        )

    def summary(self, totals: Totals) -> None:
        looked_at = f"{_many(totals.organizations, 'organization')}, {_many(totals.orders, 'order')}"
        found = _many(totals.differences, "difference") if totals.differences else "no differences"
        print(f"\n{looked_at} and {_many(totals.tickets, 'ticket')} checked in {totals.seconds} s: {found}.")


def _many(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class Json:
    """For programs: one object a line, told apart by `type`; the summary comes last."""

    def difference(self, books: Books, one: Difference) -> None:
        self._print("difference", {"organization": books.organization, **one._asdict()})

    def organization(self, books: Books) -> None:
        self._print("organization", msgspec.to_builtins(books))

    def summary(self, totals: Totals) -> None:
        self._print("summary", msgspec.to_builtins(totals))

    @staticmethod
    def _print(kind: str, values: dict[str, object]) -> None:
        print(msgspec.json.encode({"type": kind, **values}).decode())
