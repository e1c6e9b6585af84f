"""A house that trades, a worker that does its jobs, and a directory where its mails end up."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from foyer.background import REACTIONS
from foyer.infra.jobs import Tools
from foyer.infra.mail import KeptMail, kept_heads, kept_mail, post_for
from foyer.infra.outbox import register
from foyer.infra.press import workshop_in
from tests.support.trade import Trade, trading
from tests.support.working import work_off
from tests.support.world import KEYRING, settings_for


@dataclass
class Mailroom:
    """One organization with everything that is written in its name."""

    trade: Trade
    tools: Tools
    directory: Path

    async def work(self) -> list[str]:
        return await work_off(self.tools, self.trade.id)

    async def fresh(self) -> dict[tuple[str, str], KeptMail]:
        """Do all jobs; the mails that came since the last time, by subject and recipient."""
        await self.work()
        kept = [kept_mail(self.directory, head.name) for head in kept_heads(self.directory, most=500)]
        found = {(one.head.subject, one.head.to): one for one in kept if one is not None}
        for path in self.directory.glob("*.eml"):
            path.unlink()
        return found

    async def log(self) -> list[tuple[str, str, str]]:
        """Kind, recipient and status of every mail, the oldest first."""
        async with self.trade.database.batch(self.trade.id) as connection:
            rows = await connection.fetch(
                "SELECT template, recipient, status FROM mail_log WHERE organization_id = $1 ORDER BY id",
                self.trade.id,
            )
        return [tuple(row) for row in rows]


@pytest.fixture
async def mailroom(app_url, tmp_path):
    register(*REACTIONS)
    async with trading(app_url) as trade:
        settings = settings_for(tmp_path)
        tools = Tools(
            trade.database, KEYRING, settings, workshop_in(settings, trade.database), post_for(settings)
        )
        yield Mailroom(trade, tools, tmp_path / "mail")
