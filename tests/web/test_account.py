"""One's own account: the password, and where one is signed in."""

import pytest

from tests.support.world import PASSWORD, signed_in
from tests.web.entering import amid_a_window, person, words

NEW = "another few words"


async def password_of(owner_sql, house):
    return await owner_sql.fetchval("SELECT password_hash FROM users WHERE organization_id = $1", house.id)


async def test_password_changes_with_the_old_one_and_signs_out_elsewhere(client, organization, owner_sql):
    async with person(client) as ola, person(client) as other:
        await signed_in(ola.http, organization)
        await signed_in(other.http, organization)
        before = await password_of(owner_sql, organization)
        wrong = await ola.send("/office/account/password", current="not it at all", password=NEW)
        short = await ola.send("/office/account/password", current=PASSWORD, password="short")

        assert (wrong.status_code, 'id="current-error"' in wrong.text) == (422, True)
        assert (short.status_code, 'id="password-error"' in short.text) == (422, True)
        assert await password_of(owner_sql, organization) == before
        assert await other.is_in()
        done = await ola.send("/office/account/password", current=PASSWORD, password=NEW)

        assert done.headers["location"] == "/office/account?done=password"
        assert "Your new password counts" in (await ola.open(done.headers["location"])).text
        assert await password_of(owner_sql, organization) != before
        assert (await ola.is_in(), await other.is_in()) == (True, False)
    told = await owner_sql.fetch(
        "SELECT action, changes::text FROM audit WHERE organization_id = $1", organization.id
    )
    assert [tuple(row) for row in told] == [("user.password_changed", '{"password": "changed"}')]


async def test_guesses_at_the_old_password_are_counted(client, organization, owner_sql):
    await amid_a_window()
    async with person(client) as thief:
        await signed_in(thief.http, organization)
        before = await password_of(owner_sql, organization)
        for number in range(10):
            await thief.send("/office/account/password", current=f"guess {number}", password=NEW)
        refused = await thief.send("/office/account/password", current=PASSWORD, password=NEW)

        assert (refused.status_code, "tried too often" in words(refused.text)) == (429, True)
    assert await password_of(owner_sql, organization) == before


async def test_sessions_are_seen_and_ended(client, organization, owner_sql):
    async with person(client) as ola, person(client) as phone, person(client) as office:
        for one in (ola, phone, office):
            await signed_in(one.http, organization)
        page = await ola.open("/office/account")
        assert page.text.count("Firefox on Linux</strong>") == 3
        assert page.text.count("This browser") == 1
        newest = "SELECT id FROM session_families WHERE organization_id = $1 ORDER BY id DESC LIMIT 1"
        session_id = await owner_sql.fetchval(newest, organization.id)
        ended = await ola.send(f"/office/account/sessions/{session_id}/end")

        assert ended.status_code == 303
        assert [await one.is_in() for one in (ola, phone, office)] == [True, True, False]
        await ola.send("/office/account/sessions/end-others")
        assert [await one.is_in() for one in (ola, phone)] == [True, False]


@pytest.mark.parametrize("whose", ["a colleague's", "a stranger's"])
async def test_nobody_ends_the_sessions_of_others(client, database, organization, stranger, owner_sql, whose):
    from foyer.domains.identity import add_user
    from foyer.domains.identity.types import UserDraft

    async with database.write(organization.id) as tx:
        draft = UserDraft(name="Kim", email="kim@example.org", password=PASSWORD, role="admin")
        colleague = await add_user(tx, draft)
    house, user = (organization, colleague) if whose == "a colleague's" else (stranger, stranger.user_id)
    async with person(client) as ola, person(client) as other:
        await signed_in(ola.http, organization)
        await signed_in(other.http, house, user)
        query = "SELECT id FROM session_families WHERE organization_id = $1 AND user_id = $2"
        session_id = await owner_sql.fetchval(query, house.id, user)
        refused = await ola.send(f"/office/account/sessions/{session_id}/end")
        await ola.send("/office/account/sessions/end-others")

        assert refused.status_code == 404
        assert await other.is_in()
