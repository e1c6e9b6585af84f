"""Processes that die by their own hand, each at its moment: `python -m tests.faults.dying_worker URL MOMENT=ORGANIZATION ...`.

Each publishes one fact that has one reaction, named after the moment, and works. What it prints last is told, with how it ended.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import ClassVar
from uuid import UUID

from foyer.infra import outbox
from foyer.infra.db.engine import Database
from foyer.infra.job_queue import Handler, Pace, handlers, work_jobs
from foyer.infra.jobs import Tools
from foyer.infra.mail import post_for
from foyer.infra.outbox import Reaction, publish
from foyer.infra.press import workshop_in
from foyer.kernel.actor import system
from foyer.kernel.facts import Fact
from foyer.kernel.ids import uuid7
from tests.support.world import KEYRING, settings_for

QUICK = Pace(poll_seconds=0.2, silent_seconds=1.0)


class Rung(Fact, frozen=True):
    type: ClassVar[str] = "bell.rung"
    bell_id: UUID

    @property
    def subject_id(self) -> UUID:
        return self.bell_id


class Heard(Rung, frozen=True):
    """The effect of a reaction: a row that can be counted, with the moment in its type."""

    type: ClassVar[str] = "bell.heard"


def reaction_of(moment: str, *, dies: bool) -> Reaction[Rung]:
    """The reaction of one moment; where the moment is in its middle, it may be the death of its process."""

    async def hear(tx, fact):
        publish(tx, system(tx.organization_id), Heard(bell_id=fact.bell_id))
        await tx.flush()
        if dies and moment == "middle":
            die("the effect is written, and not committed")

    return Reaction(moment, Rung, hear)


def die(last: str) -> None:
    os.write(1, f"{last}\n".encode())
    os.kill(os.getpid(), signal.SIGKILL)


def tools_of(database: Database) -> Tools:
    return Tools(
        database,
        KEYRING,
        settings_for(Path("unused")),
        workshop_in(settings_for(Path("unused")), database),
        post_for(settings_for(Path("unused"))),
    )


def dying(moment: str, handler: Handler) -> Handler:
    """The handler, with the moments before and after it."""

    async def handle(organization_id: UUID, payload: bytes) -> None:
        if moment == "before":
            die("picked, and nothing done")
        await handler(organization_id, payload)
        die("the effect is committed, and the job is not marked as done")

    return handle


async def live(moment: str, url: str, organization_id: UUID) -> None:
    database = Database(url)
    reaction = reaction_of(moment, dies=True)
    outbox.register(reaction)
    async with database.write(organization_id) as tx:
        publish(tx, system(organization_id), Rung(bell_id=uuid7()))
    if moment == "commit":
        die("committed, and no worker has seen it")
    known = handlers(tools_of(database), (), [reaction])
    await work_jobs(
        tools_of(database),
        {name: dying(moment, handler) for name, handler in known.items()},
        asyncio.Event(),
        pace=QUICK,
    )


def main(url: str, *lives: str) -> None:
    """A child for each life; they share what was loaded, and nothing else."""
    children = []
    for one in lives:
        moment, organization_id = one.split("=")
        if (child := os.fork()) == 0:
            asyncio.run(live(moment, url, UUID(organization_id)))
            os._exit(0)
        children.append(child)
    for child in children:
        _, status = os.waitpid(child, 0)
        os.write(1, f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    main(*sys.argv[1:])
