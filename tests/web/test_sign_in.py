"""Signing in and out: who may, and what whoever may not learns of it."""

import re

import pytest

from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.infra import passwords
from tests.support.world import PASSWORD, make_organization, signed_in
from tests.web.entering import amid_a_window, person, value_of, words


@pytest.fixture
async def at_work(database):
    """Makes organizations in which one person works under one address."""

    async def make(email, *names, password=PASSWORD):
        houses = []
        for name in names:
            house = await make_organization(database, name=name)
            async with database.write(house.id) as tx:
                user = UserDraft(name="Kim", email=email, password=password, role="manager")
                house.user_id = await add_user(tx, user)
            houses.append(house)
        return houses

    return make


async def test_password_opens_the_office_and_leads_on(client, at_work):
    await at_work("kim-1@work.example", "One")
    async with person(client) as kim:
        answer = await kim.sign_in("Kim-1@WORK.example", next="/office/orders?state=paid")

        assert (answer.status_code, answer.headers["location"]) == (303, "/office/orders?state=paid")
        assert await kim.is_in()
        assert (await kim.open("/sign-in?next=/office/x")).headers["location"] == "/office/x"


async def test_unknown_and_known_addresses_are_refused_alike(client, at_work, monkeypatch):
    await at_work("kim-2@work.example", "Two")
    hashed = []
    matches = passwords._matches
    monkeypatch.setattr(passwords, "_matches", lambda *asked: hashed.append(asked) or matches(*asked))
    async with person(client) as kim:
        known = await kim.sign_in("kim-2@work.example", "not the password")
        of_known, _ = len(hashed), hashed.clear()
        unknown = await kim.sign_in("kim-0@work.example", "not the password")
        of_unknown, _ = len(hashed), hashed.clear()
        nonsense = await kim.sign_in("no address at all", "not the password")

        assert of_known == of_unknown == len(hashed) == 1
        for answer in (known, unknown, nonsense):
            assert answer.status_code == 422
            assert "is not right" in words(answer.text)
            assert "not the password" not in answer.text
        assert value_of(known.text, "email") == "kim-2@work.example"
        same = [
            re.sub(r"kim-\d@work.example|no address at all", "", one.text)
            for one in (known, unknown, nonsense)
        ]
        assert same[0] == same[1] == same[2]
        assert kim.token is None


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET status = 'inactive' WHERE organization_id = $1",
        "UPDATE users SET status = 'pending' WHERE organization_id = $1",
        "UPDATE users SET deleted_at = foyer_now() WHERE organization_id = $1",
        "UPDATE organizations SET deleted_at = foyer_now() WHERE id = $1",
    ],
)
async def test_who_was_put_out_does_not_get_in(client, at_work, owner_sql, change):
    (house,) = await at_work("kim-3@work.example", "Three")
    async with person(client) as kim, person(client) as again:
        assert (await kim.sign_in("kim-3@work.example")).status_code == 303
        await owner_sql.execute(change, house.id)
        answer = await again.sign_in("kim-3@work.example")

        assert answer.status_code == 422
        assert not await kim.is_in()
    await owner_sql.execute("UPDATE users SET email = 'gone@work.example' WHERE email = 'kim-3@work.example'")


async def test_who_works_at_several_houses_is_asked_which(client, at_work, stranger):
    first, second = await at_work("kim-4@work.example", "Aurora <b>", "Borealis")
    await at_work("kim-4@work.example", "Elsewhere", password="another password")
    async with person(client) as kim:
        answer = await kim.sign_in("kim-4@work.example", next="/office/orders")
        assert answer.headers["location"] == "/sign-in/organization"
        page = (await kim.open("/sign-in/organization")).text
        assert "Aurora &lt;b&gt;" in page
        assert "Borealis" in page
        assert "Elsewhere" not in page, "that password opens it not"
        assert not await kim.is_in(), "nobody is in before the choice"
        refused = await kim.send("/sign-in/organization", organization=str(stranger.id))
        assert refused.headers["location"] == "/sign-in?said=chosen-late"
        assert not await kim.is_in()
        chosen = await kim.send("/sign-in/organization", organization=str(second.id))

        assert chosen.headers["location"] == "/office/orders"
        assert "Borealis" in (await kim.open("/office/account")).text
        assert first.slug not in (await kim.open("/office/account")).text
        assert kim.http.cookies.get("foyer-choice") in {None, ""}


@pytest.mark.parametrize("spoil", ["password", "time", "cookie", "none"])
async def test_choice_holds_only_while_the_password_does(client, at_work, owner_sql, spoil):
    _, second = await at_work("kim-5@work.example", "One", "Other")
    async with person(client) as kim:
        await kim.sign_in("kim-5@work.example")
        if spoil == "password":
            await owner_sql.execute(
                "UPDATE users SET password_hash = 'x' WHERE organization_id = $1", second.id
            )
        elif spoil == "cookie":
            sealed = kim.http.cookies["foyer-choice"]
            kim.http.cookies.clear()
            kim.http.cookies.set("foyer-choice", sealed[:-6] + "AAAA" + sealed[-2:])
        elif spoil == "none":
            kim.http.cookies.clear()
        else:
            client.desks.database.clock_offset += _six_minutes()
        try:
            answer = await kim.send("/sign-in/organization", organization=str(second.id))
        finally:
            client.desks.database.clock_offset *= 0

        assert answer.headers["location"] == "/sign-in?said=chosen-late"
        assert not await kim.is_in()
    await owner_sql.execute("UPDATE users SET email = 'gone@work.example' WHERE email = 'kim-5@work.example'")


def _six_minutes():
    from datetime import timedelta

    return timedelta(minutes=6)


async def test_token_is_a_new_one_whatever_the_browser_brought(client, at_work, owner_sql):
    """A session that somebody planted does not become anybody's, and the one before ends."""
    (house,) = await at_work("kim-6@work.example", "Six")
    async with person(client) as kim, person(client) as thief:
        planted = "fys_" + "A" * 43
        kim.http.cookies.set("foyer-staff", planted)
        await kim.sign_in("kim-6@work.example")
        first = kim.http.cookies.jar._cookies  # httpx keeps both, as two domains
        tokens = {one.value for domain in first.values() for path in domain.values() for one in path.values()}
        (fresh,) = tokens - {planted}
        kim.http.cookies.clear()
        thief.http.cookies.set("foyer-staff", planted)
        assert not await thief.is_in()
        thief.http.cookies.set("foyer-staff", fresh)
        assert await thief.is_in(), "whoever has the token is in; the next sign-in of that browser ends it"
        kim.http.cookies.set("foyer-staff", fresh)
        answer = await kim.sign_in("kim-6@work.example")
        assert answer.status_code == 303
        assert not await thief.is_in()
    live = "SELECT count(*) FROM session_families WHERE organization_id = $1 AND revoked_at IS NULL"
    assert await owner_sql.fetchval(live, house.id) == 1


async def test_signing_out_ends_the_session_itself(client, organization, owner_sql):
    async with person(client) as ola, person(client) as copy:
        await signed_in(ola.http, organization)
        token = ola.token
        assert (await ola.http.get("/sign-out")).status_code in {404, 405}, "a link does not sign out"
        assert await ola.is_in()
        answer = await ola.send("/sign-out")
        copy.http.cookies.set("foyer-staff", token)

        assert answer.headers["location"] == "/sign-in?said=signed-out"
        assert "Max-Age=0" in answer.headers["set-cookie"]
        assert not await copy.is_in()
        assert (await copy.send("/sign-out")).status_code == 303, "twice is harmless"
        assert "You are signed out." in words((await copy.open(answer.headers["location"])).text)
    told = await owner_sql.fetch("SELECT action FROM audit WHERE organization_id = $1", organization.id)
    assert [row[0] for row in told] == ["session.ended"]


async def test_guesses_are_counted_by_address_and_by_network(client, at_work, owner_sql):
    await amid_a_window()
    await at_work("kim-7@work.example", "Seven")
    async with person(client, ip="203.0.113.9") as thief, person(client) as kim:
        for number in range(10):
            assert (await thief.sign_in("kim-7@work.example", f"guess {number}")).status_code == 422
        refused = await thief.sign_in("kim-7@work.example")

        assert refused.status_code == 429, "the right password does not help any more"
        assert 0 < int(refused.headers["retry-after"]) <= 900
        assert value_of(refused.text, "email") == "kim-7@work.example"
        assert thief.token is None
        assert (await thief.sign_in("other@work.example")).status_code == 422
        assert (await kim.sign_in("kim-7@work.example")).status_code == 303, "elsewhere its owner gets in"
        await owner_sql.execute("UPDATE rate_counters SET hits = 60 WHERE scope = 'sign-in' AND hits >= 11")
        assert (await thief.sign_in("other@work.example")).status_code == 429
        await owner_sql.execute(
            "UPDATE rate_counters SET window_starts_at = window_starts_at - interval '1 h'"
        )
        assert (await thief.sign_in("kim-7@work.example")).status_code == 303, "after a while they may again"


async def test_five_who_claim_an_address_do_not_crowd_out_who_proved_it(client, at_work, owner_sql):
    await at_work("kim-8@work.example", *"ABCDE", password="claimed by others")
    await owner_sql.execute("UPDATE users SET email_confirmed_at = NULL WHERE email = 'kim-8@work.example'")
    (house,) = await at_work("kim-8@work.example", "Mine")
    async with person(client) as kim:
        assert (await kim.sign_in("kim-8@work.example")).status_code == 303
        assert house.slug in (await kim.open("/office/account")).text
