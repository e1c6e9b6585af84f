"""The guard of the office: who is not signed in is led to sign in, who may not is told so."""

import pytest

from tests.support.world import signed_in


async def test_page_of_the_office_leads_to_sign_in_and_back(visitor):
    answer = await visitor.http.get("/office/search?q=a%2Fb%20c&x=1")

    assert answer.status_code == 303
    assert answer.headers["location"] == "/sign-in?next=%2Foffice%2Fsearch%3Fq%3Da%252Fb%2520c%26x%3D1"


async def test_part_of_a_page_leads_the_whole_page_there(visitor):
    answer = await visitor.http.get("/office", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert answer.headers["hx-redirect"] == "/sign-in?next=%2Foffice"


@pytest.mark.parametrize("token", ["", "x", "fys_" + "A" * 43, "\xe9"])
async def test_cookie_that_is_no_session_opens_nothing(visitor, token):
    cookie = f"foyer-staff={token}".encode("latin-1")

    assert (await visitor.http.get("/office", headers={"Cookie": cookie})).status_code == 303


async def test_cookie_is_no_credential_of_the_api(visitor, organization):
    await signed_in(visitor.http, organization)

    assert (await visitor.http.get("/api/v1/events")).status_code == 401


async def test_who_may_not_is_told_so_on_a_page_of_the_office(visitor, organization, owner_sql):
    await signed_in(visitor.http, organization)
    assert (await visitor.http.get("/office/nowhere")).status_code == 404
    await owner_sql.execute("UPDATE users SET role = 'analyst' WHERE organization_id = $1", organization.id)
    answer = await visitor.http.get("/office/settings")

    assert answer.status_code in {403, 404}
    assert answer.headers["cache-control"] == "private, no-store"
