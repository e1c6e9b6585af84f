"""Pages in the visitor's language: nothing that is marked is left in English, and nobody is shown another's language."""

import re

import pytest

from foyer.domains.events.types import TicketTypeDraft
from foyer.kernel.language import LANGUAGES
from foyer.web.shared.words import NAMES
from tests.support.world import make_event
from tests.words.catalogue import OTHERS, SPEAKERS, strings

PLACEHOLDER = re.compile(r"%\((\w+)\)s|%%")
TAG = re.compile(r"</?(\w+)")


@pytest.fixture
async def event(database, organization):
    return await make_event(database, organization, TicketTypeDraft(name="Seat", quantity=9, price=10_550))


each_catalogue = pytest.mark.parametrize(
    ("speaker", "language"),
    [pytest.param(speaker, one, id=f"{speaker.name}-{one}") for speaker in SPEAKERS for one in OTHERS],
)


@each_catalogue
def test_catalogue_says_everything_and_nothing_else(speaker, language):
    spoken, catalogue = speaker.spoken(), {one.id: one.string for one in speaker.read(language) if one.id}

    missing = [message for message in spoken if not all(strings(catalogue.get(message)))]
    unused = [message for message in catalogue if message not in spoken]
    told = [f"  {message!r} ({spoken[message][0][0]})" for message in missing] + [
        f"  {message!r} (no longer said)" for message in unused
    ]
    assert not told, (
        f"Run `make words`, then translate what {speaker.path(language)} says nothing for:\n"
        + "\n".join(told)
    )


@each_catalogue
def test_translations_keep_values_and_markup(speaker, language):
    for one in speaker.read(language):
        said = [one.id] if isinstance(one.id, str) else list(one.id)
        for here in strings(one.string) if one.id else ():
            # A sentence about one thing may name the number or leave it out.
            found = [sorted(PLACEHOLDER.findall(here)), sorted(TAG.findall(here))]
            assert found in [
                [sorted(PLACEHOLDER.findall(text)), sorted(TAG.findall(text))] for text in said
            ], one.id


def test_every_language_has_a_name_and_its_catalogues():
    assert list(NAMES) == list(LANGUAGES)
    assert all(speaker.path(language).is_file() for speaker in SPEAKERS for language in OTHERS)


async def test_page_is_in_the_language_that_the_browser_asks_for(visitor, event):
    seen = {}
    for wanted, language in (("de-AT,en;q=0.5", "de"), ("en", "en"), ("de", "de"), ("fr", "en")):
        page = await visitor.http.get(
            f"/{visitor.shop.slug}/events/{event.slug}", headers={"Accept-Language": wanted}
        )
        assert page.headers["content-language"] == language
        assert f'<html lang="{language}" dir="ltr">' in page.text
        assert page.headers["vary"] == "Accept-Language, Cookie"
        assert ("Tickets reservieren" in page.text) is (language == "de")
        seen[wanted] = page
    held = {"Accept-Language": "en", "If-None-Match": seen["de"].headers["etag"]}
    assert seen["de"].text == seen["de-AT,en;q=0.5"].text
    assert (await visitor.open(f"/events/{event.slug}")).status_code == 200
    assert (
        await visitor.http.get(f"/{visitor.shop.slug}/events/{event.slug}", headers=held)
    ).status_code == 200


async def test_switch_sticks_and_leads_back(visitor, event):
    path = f"/{visitor.shop.slug}/events/{event.slug}"
    form = {"language": "de", "back": path}

    answer = await visitor.http.post("/language", data=form, headers={"Sec-Fetch-Site": "same-origin"})

    assert (answer.status_code, answer.headers["location"]) == (303, path)
    page = await visitor.http.get(path, headers={"Accept-Language": "en"})
    assert page.headers["content-language"] == "de"
    assert f'<input type="hidden" name="back" value="{path}">' in page.text
    assert 'value="de" lang="de" aria-current="true"' in page.text


@pytest.mark.parametrize(
    "back",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "",
        "/a/../b",
        "/%2fevil",
        "/a\nb",
    ],
)
async def test_switch_leads_to_no_other_site(visitor, back):
    form = {"language": "de", "back": back}

    answer = await visitor.http.post("/language", data=form, headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    ("language", "site", "status"),
    [("fr", "same-origin", 422), ("", "same-origin", 422), ("de", "cross-site", 403)],
)
async def test_switch_that_is_refused_changes_nothing(visitor, language, site, status):
    form = {"language": language, "back": "/"}

    answer = await visitor.http.post("/language", data=form, headers={"Sec-Fetch-Site": site})

    assert answer.status_code == status
    assert "set-cookie" not in answer.headers


async def test_organization_speaks_to_whoever_asks_for_no_language_of_ours(visitor, event, owner_sql):
    await owner_sql.execute(
        "UPDATE organization_settings SET language = 'de' WHERE organization_id = $1", visitor.shop.id
    )

    page = await visitor.http.get(
        f"/{visitor.shop.slug}/events/{event.slug}", headers={"Accept-Language": "fr"}
    )
    asked = await visitor.http.get(
        f"/{visitor.shop.slug}/events/{event.slug}", headers={"Accept-Language": "en"}
    )

    assert (page.headers["content-language"], asked.headers["content-language"]) == ("de", "en")
    own = ' lang="de" dir="auto">An evening</h1>'
    assert (own in page.text, own in asked.text) == (False, True), "who reads English hears what is not"


async def test_refusal_and_money_are_told_in_german(visitor, event):
    visitor.http.headers["Accept-Language"] = "de"
    page = await visitor.reserve(event.slug)

    assert page.status_code == 422
    assert "Wählen Sie mindestens ein Ticket." in page.text
    assert "105,50\N{NO-BREAK SPACE}€" in page.text
