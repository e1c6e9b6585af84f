"""The organization through the API: whole answers, partial changes, one winner, one owner of an address."""

import asyncio

from tests.api.asking import Office, refused, taken


async def test_change_names_some_fields_and_leaves_the_rest(client, organization, office):
    before = await office.ask("GET", "/organization")
    seen = taken(before)
    address = {"line1": "Kai 1", "postalCode": "24103", "city": "Kiel", "country": "de"}
    change = {
        "phone": "+49431123456",
        "address": address,
        "serviceFeePercentage": 3.25,
        "primaryColor": "#ABCDEF",
    }
    after = taken(await office.ask("PATCH", "/organization", change))

    assert after == {
        **seen, "phone": "+49 431 123456", "address": {**address, "country": "DE", "line2": None, "state": None},
        "serviceFeePercentage": 3.25, "primaryColor": "#abcdef", "version": after["version"], "updatedAt": after["updatedAt"],
    }  # fmt: skip
    back = taken(
        await office.ask("PATCH", "/organization", {"phone": None, "address": None, "primaryColor": None})
    )
    assert (back["phone"], back["address"], back["primaryColor"], back["serviceFeePercentage"]) == (
        None,
        None,
        None,
        3.25,
    )
    stale = {**organization.staff, "If-Match": before.headers["etag"]}
    answer = await client.patch("/api/v1/organization", json={"refundPolicy": "Never"}, headers=stale)
    refused(answer, 412, "precondition_failed")
    assert taken(await office.ask("GET", "/organization")) == back


async def test_what_the_operator_decides_and_what_is_wrong_is_refused_by_name(
    office, organization, untouched
):
    wrong = {
        "plan": "pro", "id": str(organization.id), "address.city": None, "website": "javascript:alert(1)", "logo": "/media/x.svg",
        "defaultCurrency": "XXX", "timeZone": "Mars/Base", "language": "tlh", "serviceFeePercentage": 1.234, "slug": "office",
    }  # fmt: skip
    async with untouched(organization):
        for field, value in wrong.items():
            refused(await office.ask("PATCH", "/organization", {field: value}), 422, "invalid_field", field)


async def test_address_that_two_want_at_once_goes_to_one(client, organization, stranger, office):
    others = Office(client, stranger)
    slug = f"{organization.slug}-gold"
    answers = await asyncio.gather(
        *(one.ask("PATCH", "/organization", {"slug": slug}) for one in (office, others))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    winner = organization if answers[0].status_code == 200 else stranger
    for name in (slug, winner.slug):
        assert taken(await client.get(f"/api/v1/shops/{name}"))["slug"] == slug
    # Back to where it was: an address that was ours stays ours.
    home = Office(client, winner)
    assert taken(await home.ask("PATCH", "/organization", {"slug": winner.slug}))["slug"] == winner.slug
