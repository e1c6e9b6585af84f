"""The demo at a start: loaded if it is not there, and the lines that lead to it."""

from foyer.cli.demo.file import FILE, Demo, DemoOrganization, read_demo, write_demo
from foyer.infra.db.login import sign_in
from foyer.settings import Settings


async def load_demo(settings: Settings, database_url: str) -> list[str]:
    """Load what is not there yet; returns the lines that tell a person where to look."""
    path = settings.data / FILE
    known = read_demo(path)
    if not known or not await _are_there(database_url, known):
        # The whole business stands behind loading; a start that has nothing to load does not wait for it.
        from foyer.cli.demo.load import load_missing

        known = await load_missing(settings, database_url, known)
    write_demo(path, Demo(base_url=settings.base_url, organizations=known))
    return [
        *(f"  {one.name:22} {settings.base_url}/{one.slug}" for one in known),
        "",
        f"The office is at {settings.base_url}/sign-in; each shop has an owner:",
        *(f"  {one.owner.email:22} {one.owner.password}" for one in known),
        "",
        f"Mails are at {settings.base_url}/dev/mail.",
        f"Keys and sign-ins of the demo are in {path}",
    ]


async def _are_there(database_url: str, known: list[DemoOrganization]) -> bool:
    connection = await sign_in(database_url, {}, seconds=10)
    try:
        query = "SELECT count(*) FROM unnest($1::text[]) AS wanted (slug), lookups.organization_by_slug(slug)"
        return bool(await connection.fetchval(query, [one.slug for one in known]) == len(known))
    finally:
        await connection.close()
