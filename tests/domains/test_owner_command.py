"""`foyer owner reset`: the operator's way to let somebody in again, at night and without mail."""

import asyncio
import re

import pytest

from foyer.cli import main
from foyer.domains.identity import reset_password
from tests.support.world import make_organization


@pytest.fixture
def foyer(app_url, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FOYER_DATABASE_URL", app_url)
    monkeypatch.setenv("FOYER_DATA", str(tmp_path))
    monkeypatch.setenv("FOYER_BASE_URL", "https://tickets.example.org")

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([*arguments])
        return ended.value.code, *capsys.readouterr()

    return run


@pytest.fixture
async def houses(database, owner_sql):
    """Two organizations in which one person works, and one that is deleted."""
    made = [await make_organization(database) for _ in range(3)]
    for house in made:
        change = "UPDATE users SET email = 'night@work.example' WHERE organization_id = $1"
        await owner_sql.execute(change, house.id)
    await owner_sql.execute("UPDATE organizations SET deleted_at = foyer_now() WHERE id = $1", made[2].id)
    yield made
    await owner_sql.execute("UPDATE users SET deleted_at = foyer_now() WHERE email = 'night@work.example'")


async def test_links_are_printed_and_let_in_once(foyer, database, houses, owner_sql):
    code, out, err = await asyncio.to_thread(foyer, "owner", "reset", "Night@Work.example")

    assert (code, err) == (0, "")
    links = dict(
        re.findall(r"(org-\S+): .*\n  (https://tickets\.example\.org/password-reset/new\?code=\S+)", out)
    )
    assert set(links) == {house.slug for house in houses[:2]}
    house = houses[0]
    async with database.write(house.id) as tx:
        await reset_password(tx, links[house.slug].partition("code=")[2], "a new hash")
    kept = "SELECT password_hash FROM users WHERE organization_id = $1"
    assert await owner_sql.fetchval(kept, house.id) == "a new hash"
    told = await owner_sql.fetch("SELECT action, actor_kind FROM audit WHERE organization_id = $1", house.id)
    assert [tuple(row) for row in told] == [("user.reset_by_operator", "system")]


async def test_nobody_is_made_up(foyer, owner_sql):
    before = await owner_sql.fetchval("SELECT count(*) FROM one_time_codes")
    for email in ("nobody@nowhere.example", "no address"):
        code, out, _ = await asyncio.to_thread(foyer, "owner", "reset", email)
        assert (code, "Nobody who may sign in" in out) == (1, True)
    assert await owner_sql.fetchval("SELECT count(*) FROM one_time_codes") == before


async def test_command_makes_no_installation(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("FOYER_DATA", str(tmp_path / "empty"))
    with pytest.raises(SystemExit) as ended:
        await asyncio.to_thread(main, ["owner", "reset", "a@b.example"])

    assert ended.value.code == 2
    assert "no installation" in capsys.readouterr().err
    assert not (tmp_path / "empty").exists()
