"""Links from mails: opening one changes nothing, pressing its button once does, and nobody learns who works here."""

import io
from urllib.parse import parse_qs, urlsplit

import pytest

from foyer.domains.identity import fresh_confirmation_link, fresh_reset_link
from foyer.infra.telemetry import request_log
from tests.support.world import PASSWORD, make_event, make_organization, signed_in
from tests.web.entering import amid_a_window, person, value_of, words

NEW = "another few words"


async def link_of(database, house, make=fresh_reset_link):
    """Path and code of a link, as its mail has it."""
    async with database.write(house.id) as tx:
        link = await make(tx, house.user_id, "http://localhost:8000")
    parts = urlsplit(link.url)
    return f"{parts.path}?{parts.query}", parse_qs(parts.query)["code"][0]


async def kept(owner_sql, house):
    return dict(
        await owner_sql.fetchrow(
            "SELECT password_hash, email_confirmed_at FROM users WHERE organization_id = $1", house.id
        )
    )


@pytest.fixture
async def house(database):
    """An organization whose owner has an address of their own."""
    made = await make_organization(database)
    made.email = f"ola-{made.slug}@example.org"
    async with database.batch(made.id) as connection:
        query = "UPDATE users SET email = $2 WHERE organization_id = $1"
        await connection.execute(query, made.id, made.email)
    return made


async def test_new_password_counts_once_and_signs_everybody_out(client, database, house, owner_sql):
    path, code = await link_of(database, house)
    async with person(client) as ola, person(client) as thief:
        await signed_in(thief.http, house)
        before = await kept(owner_sql, house)
        for _ in range(2):
            page = await ola.open(path)
            assert (page.status_code, house.email in page.text) == (200, True)
        assert await kept(owner_sql, house) == before, "a mail scanner that opens a link uses nothing up"
        short = await ola.send("/password-reset/new", code=code, password="short")
        assert (short.status_code, value_of(short.text, "code")) == (422, code)
        assert await thief.is_in()
        done = await ola.send("/password-reset/new", code=code, password=NEW)

        assert (done.status_code, done.headers["location"]) == (303, "/sign-in?said=password")
        assert not await thief.is_in()
        again = await ola.send("/password-reset/new", code=code, password="a third password")
        assert (again.status_code, (await ola.open(path)).status_code) == (404, 404)
        assert (await ola.sign_in(house.email, PASSWORD)).status_code == 422
        assert (await ola.sign_in(house.email, NEW)).status_code == 303
    facts = await owner_sql.fetch("SELECT type FROM facts WHERE organization_id = $1", house.id)
    assert [row[0] for row in facts] == ["user.password_changed"]


async def test_asking_tells_nobody_who_works_here(client, house, owner_sql):
    async with person(client) as ola:
        known = await ola.send("/password-reset", email=house.email.upper())
        unknown = await ola.send("/password-reset", email="nobody@nowhere.example")
        nonsense = await ola.send("/password-reset", email="<script>")

        assert known.status_code == unknown.status_code == nonsense.status_code == 200
        assert known.text == unknown.text == nonsense.text
    facts = await owner_sql.fetch("SELECT type, body::text FROM facts WHERE organization_id = $1", house.id)
    assert [row[0] for row in facts] == ["user.password_reset_asked"]
    assert facts[0][1] == f'{{"userId": "{house.user_id}"}}', "neither the address nor a code"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET status = 'inactive' WHERE organization_id = $1",
        "UPDATE users SET deleted_at = foyer_now() WHERE organization_id = $1",
    ],
)
async def test_who_was_put_out_gets_no_link(client, house, owner_sql, change):
    await owner_sql.execute(change, house.id)
    async with person(client) as ola:
        assert (await ola.send("/password-reset", email=house.email)).status_code == 200
    assert await owner_sql.fetchval("SELECT count(*) FROM facts WHERE organization_id = $1", house.id) == 0


async def test_nobody_has_a_mailbox_filled(client, house, owner_sql):
    await amid_a_window()
    async with person(client) as ola, person(client) as ben:
        answers = [await one.send("/password-reset", email=house.email) for one in (ola, ben) * 3]

        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert value_of(answers[-1].text, "email") == house.email
        assert 0 < int(answers[-1].headers["retry-after"]) <= 3600
    assert await owner_sql.fetchval("SELECT count(*) FROM facts WHERE organization_id = $1", house.id) == 5


@pytest.mark.parametrize("host", ["evil.example", "localhost:8000.evil.example", "evil.example:8000"])
async def test_host_of_a_request_reaches_no_link(client, database, house, owner_sql, host):
    """C9: links are made of the configured address; what a request says of itself is not even kept."""
    spoofed = {"Host": host, "X-Forwarded-Host": host, "Forwarded": f"host={host}", "X-Original-Host": host}
    async with person(client) as ola:
        headers = {**spoofed, "Sec-Fetch-Site": "same-origin"}
        answer = await ola.http.post("/password-reset", data={"email": house.email}, headers=headers)
        assert answer.status_code == 200
        assert host not in answer.text
        leads = await ola.http.get("/office/orders", headers=spoofed)
        assert leads.headers["location"] == "/sign-in?next=%2Foffice%2Forders"
    rows = await owner_sql.fetch("SELECT f::text FROM facts f WHERE organization_id = $1", house.id)
    assert len(rows) == 1
    assert host not in rows[0][0]
    jobs = await owner_sql.fetchval(
        "SELECT count(*) FROM jobs.pgqueuer WHERE encode(payload, 'escape') LIKE '%evil%'"
    )
    assert jobs == 0


async def test_publishing_waits_for_a_proved_address(client, database, house, owner_sql):
    await owner_sql.execute("UPDATE users SET email_confirmed_at = NULL WHERE organization_id = $1", house.id)
    event = await make_event(database, house, publish=False)
    where = f"/api/v1/events/{event.id}/publication"
    refused = await client.post(where, headers=house.staff)

    assert (refused.status_code, refused.json()["code"]) == (409, "address_unconfirmed")
    status = "SELECT status FROM events WHERE organization_id = $1"
    assert await owner_sql.fetchval(status, house.id) == "draft"
    path, code = await link_of(database, house, fresh_confirmation_link)
    async with person(client) as ola:
        await signed_in(ola.http, house)
        assert "Confirm your address" in (await ola.open("/office/account")).text
        assert house.email in (await ola.open(path)).text
        assert (await kept(owner_sql, house))["email_confirmed_at"] is None, "opening it confirms nothing"
        for _ in range(2):
            done = await ola.send("/confirm", code=code)
            assert (done.status_code, "is confirmed" in words(done.text)) == (200, True)
        assert "Confirm your address" not in (await ola.open("/office/account")).text
    assert (await client.post(where, headers=house.staff)).status_code == 200
    assert await owner_sql.fetchval(status, house.id) == "published"


async def test_link_is_sent_again_to_who_is_signed_in(client, house, owner_sql):
    await amid_a_window()
    await owner_sql.execute("UPDATE users SET email_confirmed_at = NULL WHERE organization_id = $1", house.id)
    count = "SELECT count(*) FROM facts WHERE organization_id = $1 AND type = 'user.address_claimed'"
    async with person(client) as ola:
        answer = await ola.send("/confirm/again")
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=%2Foffice")
        assert await owner_sql.fetchval(count, house.id) == 0
        await signed_in(ola.http, house)
        statuses = [(await ola.send("/confirm/again")).status_code for _ in range(6)]

        assert statuses == [200] * 5 + [429]
    assert await owner_sql.fetchval(count, house.id) == 5


async def test_reset_proves_the_address_as_well(client, database, house, owner_sql):
    await owner_sql.execute("UPDATE users SET email_confirmed_at = NULL WHERE organization_id = $1", house.id)
    _, code = await link_of(database, house)
    async with person(client) as ola:
        await ola.send("/password-reset/new", code=code, password=NEW)

    assert (await kept(owner_sql, house))["email_confirmed_at"] is not None


@pytest.mark.parametrize("code", ["", "x", "A" * 86, "<script>alert(1)</script>", "%00" * 9, "é" * 86])
async def test_link_that_is_none_is_a_page_and_no_markup(client, code):
    async with person(client) as ola:
        pages = [
            await ola.http.get("/password-reset/new", params={"code": code}),
            await ola.http.get("/confirm", params={"code": code}),
            await ola.send("/password-reset/new", code=code, password=NEW),
            await ola.send("/confirm", code=code),
        ]

    for page in pages:
        assert page.status_code == 404
        assert "no good any more" in words(page.text)
        assert "<script>alert" not in page.text


async def test_code_is_in_no_line_of_the_log(client, database, house, monkeypatch):
    path, code = await link_of(database, house)
    log = io.BytesIO()
    monkeypatch.setattr(request_log, "out", log)
    async with person(client) as ola:
        await ola.open(path)
        await ola.send("/password-reset/new", code=code, password=NEW)

    assert log.getvalue().count(b"/password-reset/new") == 2
    assert code.encode() not in log.getvalue()


async def test_checklist_says_what_publishing_waits_for(client, database, house, owner_sql):
    event = await make_event(database, house, publish=False)
    async with person(client) as ola:
        await signed_in(ola.http, house)
        before = await ola.open(f"/office/events/{event.id}")
        await owner_sql.execute(
            "UPDATE users SET email_confirmed_at = NULL WHERE organization_id = $1", house.id
        )
        waits = await ola.open(f"/office/events/{event.id}")
        refused = await ola.send(f"/office/events/{event.id}/publication")

    assert "Confirm your email address" not in before.text
    assert "Confirm your email address" in waits.text
    assert refused.status_code == 409
    assert (
        await owner_sql.fetchval("SELECT status FROM events WHERE organization_id = $1", house.id) == "draft"
    )
