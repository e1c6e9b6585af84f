"""What is for trying Foyer out is not there on a server that sells."""

from tests.support.world import running_app, settings_for

PATHS = ("components", "components/brands.css", "components/covers/nordlicht/rings/7/card")


async def test_pages_for_builders_exist_in_the_demo_only(client, app_url, tmp_path):
    shown = [(await client.get(f"/dev/{path}")).status_code for path in PATHS]
    async with running_app(settings_for(tmp_path, demo=False), app_url) as selling:
        hidden = [(await selling.get(f"/dev/{path}")).status_code for path in PATHS]

    assert (shown, hidden) == ([200] * 3, [404] * 3)


async def test_sample_cover_that_nobody_drew_is_not_found(client):
    for path in ("nobody/rings/7/card", "nordlicht/spirals/7/card", "nordlicht/rings/7/poster"):
        assert (await client.get(f"/dev/components/covers/{path}")).status_code == 404
