"""The audit: silent over a varied life, and each check speaks of its own damages and of no other's."""

import json
from collections.abc import AsyncIterator
from datetime import timedelta

import asyncpg
import pytest

from foyer.cli import audit as command
from foyer.cli import main
from foyer.domains.checkout import CHECKS, audit
from foyer.domains.checkout.types import Difference
from foyer.infra.db import everyone
from tests.domains.damages import DAMAGES
from tests.domains.living import Life, live
from tests.support.trade import trading
from tests.support.world import make_organization


@pytest.fixture(scope="module")
async def life(app_url: str) -> AsyncIterator[Life]:
    async with trading(app_url, clock_offset=timedelta(seconds=1)) as trade:
        yield await live(trade)


async def test_varied_life_is_clean(life: Life) -> None:
    assert await life.trade.audit() == []


async def test_life_was_varied(life: Life, owner_sql: asyncpg.Connection) -> None:
    rows = await owner_sql.fetch(
        "SELECT DISTINCT status, payment_status FROM orders WHERE organization_id = $1", life.trade.id
    )
    assert {tuple(row) for row in rows} == {
        ("pending", "pending"), ("confirmed", "paid"), ("cancelled", "failed"), ("cancelled", "paid"),
        ("cancelled", "refunded"), ("partial_refund", "partial_refund"), ("refunded", "refunded"),
    }  # fmt: skip
    for table in ("carts", "approvals", "refunds"):
        counted = await owner_sql.fetchval(
            f"SELECT count(DISTINCT status) FROM {table} WHERE organization_id = $1", life.trade.id
        )
        assert counted >= 3, table


def test_each_check_has_its_damage() -> None:
    assert [check.name for check in CHECKS if not DAMAGES.get(check.name)] == []
    assert len({check.name for check in CHECKS}) == len(CHECKS) == len(DAMAGES)


EACH = [(name, number) for name, damages in DAMAGES.items() for number in range(len(damages))]


@pytest.mark.parametrize(("name", "number"), EACH, ids=[f"{name}-{number}" for name, number in EACH])
async def test_damage_makes_its_check_speak_and_no_other(
    life: Life, root_sql: asyncpg.Connection, name: str, number: int
) -> None:
    found = await _damaged(root_sql, life, DAMAGES[name][number])

    assert {one.check for one in found} == {name}, found
    for one in found:
        assert one.expected != one.found
        assert len(one.sentence) > 40


async def _damaged(root_sql: asyncpg.Connection, life: Life, damage: tuple[str, ...]) -> list[Difference]:
    """What the application sees of a damage that is done and taken back in one transaction."""
    transaction = root_sql.transaction()
    await transaction.start()
    try:
        await root_sql.execute("SET LOCAL session_replication_role = replica")
        for statement in damage:
            sql = statement.format(**life.ids)
            done = await root_sql.execute(sql, *([life.trade.id] if "$1" in sql else []))
            assert not done.endswith(" 0"), f"nothing is damaged by {sql}"
        await root_sql.execute(f"SET LOCAL ROLE foyer_app; SET LOCAL app.organization_id = '{life.trade.id}'")
        return [one async for one in audit(root_sql, life.trade.id)]
    finally:
        await transaction.rollback()


@pytest.fixture
def told(app_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path):
    """Runs the command; its status, what it has printed, and what it has said beside it."""
    monkeypatch.setenv("FOYER_DATABASE_URL", app_url)
    monkeypatch.setenv("FOYER_DATA", str(tmp_path))

    def run(*arguments: str) -> tuple[object, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["audit", *arguments])
        return ended.value.code, *capsys.readouterr()

    return run


def test_command_is_content_with_one_clean_organization(told, life: Life) -> None:
    status, printed, said = told("--organization", life.trade.organization.slug)

    assert status == 0
    assert "1 organization, " in printed
    assert printed.rstrip().endswith("no differences.")
    assert life.trade.organization.slug in said
    assert said.rstrip().endswith("clean")


@pytest.fixture
async def disorder(life: Life, owner_sql: asyncpg.Connection) -> AsyncIterator[None]:
    """One pool that is wrong for the length of a test."""
    change = "UPDATE pools SET held = held {} 1 WHERE organization_id = $1 AND id = (SELECT pool_id FROM ticket_types WHERE id = $2)"
    await owner_sql.execute(change.format("+"), life.trade.id, life.ids["gold"])
    yield
    await owner_sql.execute(change.format("-"), life.trade.id, life.ids["gold"])


def test_command_shows_differences_as_a_table(told, life: Life, disorder) -> None:
    slug = life.trade.organization.slug
    status, printed, said = told("--organization", slug)

    assert status == 1
    assert f"{slug}: held places" in printed
    (row,) = [line for line in printed.splitlines() if line.startswith("  pool ")]
    assert [int(word) for word in row.split()[2:]] == [6, 7], printed
    assert printed.rstrip().endswith(": 1 difference.")
    assert said.rstrip().endswith("1 difference")


def test_command_writes_json_a_line_each(told, life: Life, disorder) -> None:
    status, printed, _ = told("--json", "--organization", life.trade.organization.slug)
    lines = [json.loads(line) for line in printed.splitlines()]

    assert status == 1
    assert [line["type"] for line in lines] == ["difference", "organization", "summary"]
    assert (lines[0]["check"], lines[0]["expected"], lines[0]["found"]) == ("held places", "6", "7")
    assert lines[1]["found"] == {"held places": 1}
    assert (lines[2]["organizations"], lines[2]["differences"]) == (1, 1)


def test_command_counts_what_it_does_not_print(
    told, life: Life, disorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "SHOWN_MAX", 0)
    status, printed, _ = told("--organization", life.trade.organization.slug)

    assert status == 1
    assert "held places: 1 more that are not shown" in printed


@pytest.fixture
async def others(database) -> None:
    for _ in range(3):
        await make_organization(database)


def test_command_goes_over_all_organizations_page_by_page(
    told, life: Life, others, disorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(everyone, "PAGE", 2)
    status, printed, said = told()
    names = [line.split()[0] for line in said.splitlines()]

    assert status == 1
    assert len(names) == len(set(names)) >= 4
    assert f"{len(names)} organizations, " in printed


@pytest.mark.parametrize("arguments", [("--organization", "nobody-has-this"), ("--organization", "")])
def test_command_that_cannot_run_ends_with_2(told, arguments) -> None:
    status, printed, said = told(*arguments)

    assert (status, printed) == (2, "")
    assert "There is no organization" in said


def test_command_without_its_database_ends_with_2(told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOYER_DATABASE_URL", "postgresql://foyer_app@127.0.0.1:9/foyer")
    status, printed, said = told()

    assert (status, printed) == (2, "")
    assert "cannot be reached" in said
