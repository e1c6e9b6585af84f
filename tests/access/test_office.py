"""Who opens which page of the office. Generated from the routes of the application, so that a new page cannot be forgotten."""

import re
from uuid import uuid4

import httpx
import pytest

from foyer.domains.identity import add_user
from foyer.domains.identity.types import UserDraft
from foyer.kernel.permissions import PERMISSIONS, ROLES
from tests.access.test_routes import routes
from tests.support.world import signed_in

OURS = {"Sec-Fetch-Site": "same-origin"}
SAFE = {"GET", "HEAD"}
PATHS = {"path": "/no/where"}
ALSO = dict.fromkeys(
    ("/office/customers/export", "/office/events/{event_id:uuid}/waiting-list/export"), "customers:view"
)
"""A file holds what a list shows, so it needs the permission to see that as well as the one to take it away."""


def pages(client):
    """Method, path and access of everything that staff alone may open on the web."""
    found = list(routes(client, below="/"))
    return [
        (method, path, access)
        for method, path, access in found
        if not path.startswith("/api/") and access is not None and access.kind in {"permission", "self"}
    ]


def filled(path, ids=()):
    known = dict(ids)

    def value(hit):
        name, kind = hit[1], hit[2]
        return str(known.get(name, uuid4())) if kind == "uuid" else PATHS.get(name, "1")

    return re.sub(r"\{(\w+):(\w+)\}", value, path).replace("//", "/")


async def ask(http, method, path, ids=()):
    return await http.request(method, filled(path, ids), headers=OURS, data={} if method == "POST" else None)


@pytest.fixture
async def browser(client):
    async with httpx.AsyncClient(transport=client._transport, base_url="http://localhost:8000") as http:
        yield http


async def test_every_page_of_the_office_declares_who_may_open_it(client):
    found = [
        (method, path, access and access.kind)
        for method, path, access in routes(client, below="/office")
        if access is None or access.kind not in {"permission", "self"}
    ]

    assert found == []
    assert {one[2].detail for one in pages(client) if one[2].kind == "permission"} <= set(PERMISSIONS)
    assert len(pages(client)) >= 12


async def test_nobody_is_led_to_sign_in_and_nothing_happens(client, browser, organization, untouched):
    async with untouched(organization):
        for method, path, _ in pages(client):
            answer = await ask(browser, method, path)
            assert (answer.status_code, method, path) == (303, method, path)
            assert answer.headers["location"].startswith("/sign-in?next=%2Foffice"), path


@pytest.mark.parametrize("role", ROLES)
async def test_role_opens_what_its_preset_holds_and_nothing_else(
    client, browser, database, organization, untouched, role
):
    async with database.write(organization.id) as tx:
        draft = UserDraft(name="Kim", email="kim@example.org", password="ten letters", role=role)
        user_id = await add_user(tx, draft, password_hash="none")
    await signed_in(browser, organization, user_id)
    async with untouched(organization):
        for method, path, access in pages(client):
            may = access.kind == "self" or {access.detail, ALSO.get(path, access.detail)} <= ROLES[role]
            if may and method not in SAFE:
                continue
            answer = await ask(browser, method, path)
            assert (answer.status_code == 403) == (not may), (role, method, path, answer.status_code)
            assert answer.status_code < 500, (role, method, path)


async def test_pages_of_another_organization_are_not_there(
    client,
    browser,
    organization,
    stranger,
    theirs,
    untouched,
):
    await signed_in(browser, organization)
    async with untouched(organization, stranger):
        for method, path, access in pages(client):
            if "_id:uuid}" not in path or access.kind == "self":
                continue
            answer = await ask(browser, method, path, theirs)
            expected = {404} if method in SAFE else {404, 422}
            if answer.status_code == 303:  # back to a list, or to the page of a form that is opened again
                answer, expected = await browser.get(answer.headers["location"]), {200, 404}
                assert stranger.slug not in answer.text, (method, path)
            assert answer.status_code in expected, (method, path, answer.status_code)


async def test_form_of_another_site_is_refused_before_anything(client, browser, organization, untouched):
    await signed_in(browser, organization)
    async with untouched(organization):
        for method, path, _ in pages(client):
            if method in SAFE:
                continue
            for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}, {}):
                answer = await browser.request(method, filled(path), headers=headers, data={})
                assert (answer.status_code, method, path) == (403, method, path)


async def test_question_what_is_allowed_opens_nothing(browser, organization):
    await signed_in(browser, organization)

    assert (await browser.options("/office")).status_code == 403
