"""Every page says what it may load, and only what is ours can be loaded from here."""

import re

import pytest

from foyer.infra.db.engine import Database
from tests.support.world import make_event
from tests.web.conftest import CONTACT
from tests.web.test_shop import reserved


async def test_every_page_carries_the_policy(visitor, database: Database, organization):
    event = await make_event(database, organization)
    path = await reserved(visitor, event)
    placed = await visitor.send(f"{path}/checkout", CONTACT)
    pages = [
        "/",
        f"/{organization.slug}",
        f"/{organization.slug}/events/{event.slug}",
        placed.headers["location"],
        "/no/where",
    ]

    for address in pages:
        page = await visitor.http.get(address)
        policy = page.headers["content-security-policy"]
        assert "default-src 'none'" in policy, address
        assert "unsafe" not in policy
        assert page.headers["x-content-type-options"] == "nosniff"
        assert page.headers["referrer-policy"] == "no-referrer"
        is_for_everybody = address.startswith(f"/{organization.slug}") and "/orders/" not in address
        kept = "public, max-age=0, must-revalidate" if is_for_everybody else "private, no-store"
        assert page.headers["cache-control"] == kept, address
        for asset in re.findall(r'(?:src|href)="(/[^"]*\.(?:css|js|svg|woff2)[^"]*)"', page.text):
            assert (await visitor.http.get(asset)).status_code == 200, asset


@pytest.mark.parametrize(
    "path",
    [
        "/static/x/../settings.py",
        "/static/x/base.html",
        "/static/x/foyer.css.map",
        "/static/x/fonts/geist-mono.LICENSE.txt",
        "/theme/58188f.css",
    ],
)
async def test_only_our_own_files_are_served(visitor, path):
    assert (await visitor.http.get(path)).status_code == 404
