"""Links that are sent to staff: each is good once, for a while, for one person and one thing."""

import asyncio
from urllib.parse import parse_qs, urlsplit

import pytest

from foyer.domains.identity import (
    confirm_address,
    fresh_confirmation_link,
    fresh_reset_link,
    reset_password,
    sign_in,
    staff_with,
)
from foyer.domains.identity.types import Visit
from foyer.kernel.errors import Forbidden, NotFound
from tests.support.world import PASSWORD

BASE = "https://tickets.example.org"


def code_of(link):
    return parse_qs(urlsplit(link.url).query)["code"][0]


async def asked(database, organization, make):
    async with database.write(organization.id) as tx:
        return await make(tx, organization.user_id, BASE)


async def kept(owner_sql, organization):
    return await owner_sql.fetchrow(
        "SELECT password_hash, email_confirmed_at FROM users WHERE organization_id = $1", organization.id
    )


async def test_link_leads_to_our_own_address_and_is_not_kept(database, organization, owner_sql):
    link = await asked(database, organization, fresh_reset_link)

    assert link.url == f"{BASE}/password-reset/new?code={code_of(link)}"
    assert link.email == "ola@example.org"
    row = await owner_sql.fetchval(
        "SELECT to_jsonb(c)::text FROM one_time_codes c WHERE organization_id = $1", organization.id
    )
    assert code_of(link)[43:] not in row
    facts = await owner_sql.fetchval("SELECT count(*) FROM facts WHERE organization_id = $1", organization.id)
    assert facts == 0


async def test_one_link_sets_one_password_however_many_press_at_once(database, organization, owner_sql):
    link = await asked(database, organization, fresh_reset_link)

    async def press(number):
        async with database.write(organization.id) as tx:
            return await reset_password(tx, code_of(link), f"hash {number}")

    outcomes = await asyncio.gather(*(press(number) for number in range(8)), return_exceptions=True)
    won = [number for number, one in enumerate(outcomes) if one == organization.user_id]
    assert len(won) == 1
    assert all(isinstance(one, NotFound) for number, one in enumerate(outcomes) if number not in won)
    assert (await kept(owner_sql, organization))["password_hash"] == f"hash {won[0]}"


async def test_using_one_link_uses_up_the_others_of_its_kind(database, organization, owner_sql):
    first, second = [await asked(database, organization, fresh_reset_link) for _ in range(2)]
    async with database.write(organization.id) as tx:
        await reset_password(tx, code_of(second), "second")
    with pytest.raises(NotFound):
        async with database.write(organization.id) as tx:
            await reset_password(tx, code_of(first), "first")

    assert (await kept(owner_sql, organization))["password_hash"] == "second"


SPOILT = {
    "too old": "UPDATE one_time_codes SET created_at = created_at - interval '1 h', expires_at = foyer_now() WHERE organization_id = $1",
    "inactive": "UPDATE users SET status = 'inactive' WHERE organization_id = $1",
    "deleted": "UPDATE users SET deleted_at = foyer_now() WHERE organization_id = $1",
    "for another purpose": "UPDATE one_time_codes SET purpose = 'email_change' WHERE organization_id = $1",
}


@pytest.mark.parametrize("spoil", SPOILT)
async def test_link_that_is_no_good_changes_nothing(database, organization, owner_sql, spoil):
    link = await asked(database, organization, fresh_reset_link)
    before = await kept(owner_sql, organization)
    await owner_sql.execute(SPOILT[spoil], organization.id)
    with pytest.raises(NotFound):
        async with database.write(organization.id) as tx:
            await reset_password(tx, code_of(link), "new")

    assert await kept(owner_sql, organization) == before


async def test_link_is_no_good_altered_or_in_another_organization(
    database, organization, stranger, owner_sql
):
    code = code_of(await asked(database, organization, fresh_reset_link))
    before = await kept(owner_sql, organization), await kept(owner_sql, stranger)
    tries = [
        (organization, text) for text in ("", "x", code[:-1], code + "A", code[:43] + "A" * 43, "é" * 86)
    ]
    for house, text in [*tries, (stranger, code)]:
        with pytest.raises(NotFound):
            async with database.write(house.id) as tx:
                await reset_password(tx, text, "new")

    assert (await kept(owner_sql, organization), await kept(owner_sql, stranger)) == before


async def test_address_is_proved_once_and_pressing_twice_is_harmless(database, organization, owner_sql):
    await owner_sql.execute(
        "UPDATE users SET email_confirmed_at = NULL WHERE organization_id = $1", organization.id
    )
    link = await asked(database, organization, fresh_confirmation_link)
    for _ in range(2):
        async with database.write(organization.id) as tx:
            await confirm_address(tx, code_of(link))

    assert (await kept(owner_sql, organization))["email_confirmed_at"] is not None
    assert await asked(database, organization, fresh_confirmation_link) is None, "there is nothing to prove"


async def test_link_proves_the_address_it_was_sent_to_and_no_other(database, organization, owner_sql):
    change = "UPDATE users SET email_confirmed_at = NULL, email = $2 WHERE organization_id = $1"
    await owner_sql.execute(change, organization.id, "ola@example.org")
    link = await asked(database, organization, fresh_confirmation_link)
    await owner_sql.execute(change, organization.id, "other@example.org")
    with pytest.raises(NotFound):
        async with database.write(organization.id) as tx:
            await confirm_address(tx, code_of(link))

    assert (await kept(owner_sql, organization))["email_confirmed_at"] is None


async def test_who_signs_in_while_the_password_changes_is_not_left_inside(database, organization, owner_sql):
    """The old password was right a moment ago: either the new session ends with the others, or there is none."""
    link = await asked(database, organization, fresh_reset_link)
    (match,) = await staff_with_password(database, organization, owner_sql)
    async with database.write(organization.id) as tx:
        await reset_password(tx, code_of(link), "new")
        late = asyncio.create_task(entered(database, match))
        await asyncio.sleep(0.1)
        assert not late.done(), "it waits for who is ahead"
    with pytest.raises(Forbidden):
        await late

    live = "SELECT count(*) FROM session_families WHERE organization_id = $1 AND revoked_at IS NULL"
    assert await owner_sql.fetchval(live, organization.id) == 0


async def staff_with_password(database, organization, owner_sql):
    email = f"{organization.slug}@example.org"
    await owner_sql.execute("UPDATE users SET email = $2 WHERE organization_id = $1", organization.id, email)
    return await staff_with(database, email, PASSWORD)


async def entered(database, match):
    async with database.write(match.organization_id) as tx:
        return await sign_in(tx, match, visit=Visit(device="Firefox", ip="192.0.2.1"))


async def test_two_links_of_one_person_do_not_wait_for_each_other(database, organization, owner_sql):
    links = [await asked(database, organization, fresh_reset_link) for _ in range(6)]

    async def press(link):
        async with database.write(organization.id) as tx:
            return await reset_password(tx, code_of(link), "new")

    outcomes = await asyncio.gather(*(press(link) for link in links), return_exceptions=True)
    assert sorted(type(one).__name__ for one in outcomes) == ["NotFound"] * 5 + ["UUID"]
