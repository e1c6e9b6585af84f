"""Signing up: a stranger has an organization, all of it or nothing."""

import asyncio

import pytest

from foyer.app import build_app
from foyer.infra.db.engine import Database
from tests.support.world import running_app, settings_for
from tests.web.entering import amid_a_window, person, value_of, words


async def made(owner_sql, slug):
    return await owner_sql.fetch("SELECT organization_id FROM organization_slugs WHERE slug = $1", slug)


async def test_stranger_is_owner_of_an_organization_and_signed_in(client, owner_sql):
    async with person(client) as nia:
        answer = await nia.sign_up()

        assert (answer.status_code, answer.headers["location"]) == (303, "/office")
        assert await nia.is_in()
    rows = await made(owner_sql, nia.wanted["slug"])
    user = await owner_sql.fetchrow("SELECT * FROM users WHERE organization_id = $1", rows[0][0])
    assert (user["role"], user["status"], user["email"]) == ("owner", "active", nia.wanted["email"])
    assert user["email_confirmed_at"] is None
    assert user["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    for table, count in {
        "organization_settings": 1,
        "signing_keys": 1,
        "session_families": 1,
        "audit": 1,
    }.items():
        found = await owner_sql.fetchval(
            f"SELECT count(*) FROM {table} WHERE organization_id = $1", rows[0][0]
        )
        assert (table, found) == (table, count)
    currency = "SELECT default_currency FROM organization_settings WHERE organization_id = $1"
    assert await owner_sql.fetchval(currency, rows[0][0]) == "CHF"
    facts = await owner_sql.fetch("SELECT type, body::text FROM facts WHERE organization_id = $1", rows[0][0])
    assert [row[0] for row in facts] == ["user.address_claimed"]
    assert nia.wanted["email"] not in facts[0][1]
    assert "Set-Cookie" in answer.headers
    cookie = answer.headers["set-cookie"]
    assert all(part in cookie for part in ("HttpOnly", "Path=/", "SameSite=lax", "Max-Age=2592000"))


WRONG = {
    "organization": "  ",
    "slug": "No Good",
    "currency": "XXX",
    "name": "",
    "email": "nobody",
    "password": "short",
}


async def test_enter_signs_up_and_does_not_check_the_address(client):
    """A browser that is told Enter presses the first button of the form."""
    async with person(client) as nia:
        page = (await nia.http.get("/sign-up")).text
    first = page.partition("<form")[2].partition("<button")[2].partition(">")[0]
    assert "formaction" not in first


@pytest.mark.parametrize("field", WRONG)
async def test_what_is_wrong_is_said_and_nothing_typed_is_lost(client, owner_sql, field):
    async with person(client) as nia:
        before = await owner_sql.fetchval("SELECT count(*) FROM organizations")
        answer = await nia.sign_up(**{field: WRONG[field]})

        assert answer.status_code == 422
        assert "One thing needs a look" in answer.text
        assert f'id="{field}-error"' in answer.text
        for name in set(WRONG) - {field, "password", "currency"}:
            assert value_of(answer.text, name) == nia.wanted[name]
        assert value_of(answer.text, "password") == ""
        assert nia.wanted["password"] not in answer.text
        assert nia.token is None
    assert await owner_sql.fetchval("SELECT count(*) FROM organizations") == before


async def test_address_is_made_of_the_name_unless_one_is_typed(client, owner_sql):
    async with person(client) as nia, person(client) as ben:
        name = f"Théâtre Nr. {nia.number}"
        first = await nia.sign_up(organization=name, slug="")
        second = await ben.sign_up(organization=name, slug="")

        assert (first.status_code, second.status_code) == (303, 303)
    stem = f"theatre-nr-{nia.number}"
    assert len(await made(owner_sql, stem)) == 1
    assert len(await made(owner_sql, f"{stem}-2")) == 1


async def test_address_is_looked_up_without_making_anything(client, organization, owner_sql):
    async with person(client) as nia:
        before = await owner_sql.fetchval("SELECT count(*) FROM organizations")
        taken = await nia.send("/sign-up/address", **{**nia.wanted, "slug": organization.slug})
        free = await nia.send("/sign-up/address", **nia.wanted)
        reserved = await nia.send("/sign-up/address", **{**nia.wanted, "slug": "office"})
        suggested = await nia.send("/sign-up/address", organization="Die Große Halle!", slug="")

        assert "Another shop has this address" in words(taken.text)
        assert "is free." in words(free.text)
        assert value_of(free.text, "email") == nia.wanted["email"]
        assert "some words are reserved" in words(reserved.text)
        assert value_of(suggested.text, "slug").startswith("die-grosse-halle")
        again = await nia.send(
            "/sign-up/address", organization="Other", slug=value_of(suggested.text, "slug"),
            suggested=value_of(suggested.text, "suggested"),
        )  # fmt: skip
        assert value_of(again.text, "slug") == "other", (
            "what we made follows the name, what was typed does not"
        )
    assert await owner_sql.fetchval("SELECT count(*) FROM organizations") == before


async def test_one_address_goes_to_one_of_two_who_ask_at_once(client, owner_sql):
    async with person(client) as nia, person(client) as ben:
        slug = f"same-{nia.number}"
        answers = await asyncio.gather(nia.sign_up(slug=slug), ben.sign_up(slug=slug))

        assert sorted(answer.status_code for answer in answers) == [303, 422]
        loser = next(answer for answer in answers if answer.status_code == 422)
        assert "address is taken" in words(loser.text)
        assert sorted([await nia.is_in(), await ben.is_in()]) == [False, True]
    rows = await made(owner_sql, slug)
    assert len(rows) == 1
    left = "SELECT count(*) FROM users WHERE email = ANY($1)"
    assert await owner_sql.fetchval(left, [nia.wanted["email"], ben.wanted["email"]]) == 1


async def test_nobody_learns_whether_an_address_is_known(client, owner_sql):
    """One person may own several organizations, so an address that is known makes another one like any other."""
    async with person(client) as nia, person(client) as ben:
        first, second = await nia.sign_up(), await ben.sign_up(email=nia.wanted["email"])

        assert (first.status_code, first.text) == (second.status_code, second.text)
    users = await owner_sql.fetchval("SELECT count(*) FROM users WHERE email = $1", nia.wanted["email"])
    assert users == 2


async def test_sign_ups_from_one_network_are_counted(client, owner_sql):
    await amid_a_window()
    async with person(client, ip="198.51.100.7") as nia:
        first = await nia.sign_up()
        await owner_sql.execute("UPDATE rate_counters SET hits = 20 WHERE scope = 'sign-up'")
        refused = await nia.sign_up(slug=f"more-{nia.number}", email=f"more-{nia.number}@haus.example")

        assert first.status_code == 303
        assert refused.status_code == 429
        assert 0 < int(refused.headers["retry-after"]) <= 3600
        assert "tried too often" in words(refused.text)
        assert value_of(refused.text, "organization") == nia.wanted["organization"]
    assert await made(owner_sql, f"more-{nia.number}") == []
    await owner_sql.execute("DELETE FROM rate_counters WHERE scope = 'sign-up'")


async def test_sign_up_can_be_closed(app_url, tmp_path, owner_sql):
    settings = settings_for(tmp_path, sign_up=False)
    async with running_app(settings, app_url) as client, person(client) as nia:
        before = await owner_sql.fetchval("SELECT count(*) FROM organizations")
        answers = [await nia.open("/sign-up"), await nia.sign_up(), await nia.send("/sign-up/address")]

        assert [answer.status_code for answer in answers] == [403, 403, 403]
        assert "whoever runs this installation" in words(answers[0].text)
        assert "/sign-up" not in (await nia.open("/sign-in")).text
    assert await owner_sql.fetchval("SELECT count(*) FROM organizations") == before


@pytest.mark.parametrize(
    "path", ["/sign-up", "/sign-in", "/sign-out", "/password-reset", "/password-reset/new", "/confirm"]
)
async def test_form_of_another_site_is_refused(client, owner_sql, path):
    """A stranger's page neither signs anybody in (login CSRF), nor out, nor makes anything."""
    async with person(client) as nia:
        before = await owner_sql.fetchval("SELECT count(*) FROM organizations")
        for headers in (
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://evil.example"},
            {},
        ):
            answer = await nia.http.post(path, data=nia.wanted, headers=headers)
            assert answer.status_code == 403, headers
            assert "set-cookie" not in answer.headers
    assert await owner_sql.fetchval("SELECT count(*) FROM organizations") == before


async def test_cookie_is_bound_to_the_host_on_https(app_url, tmp_path):
    settings = settings_for(tmp_path, base_url="https://tickets.example.org")
    doorman = build_app(settings, Database(app_url))
    assert doorman.app.state.settings.is_https
    async with running_app(settings, app_url) as client, person(client) as nia:
        cookie = (await nia.sign_up()).headers["set-cookie"]

    assert cookie.startswith("__Host-foyer-staff=fys_")
    assert "Secure" in cookie
    assert "Domain" not in cookie
