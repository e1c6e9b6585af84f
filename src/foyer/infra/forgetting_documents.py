"""Documents about somebody who was erased: their rows go with the transaction, their bytes soon after it."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import delete, select

from foyer.infra.db.tables import FileRow
from foyer.infra.db.tx import Tx, among, own
from foyer.infra.jobs import Job, Tools, enqueue
from foyer.kernel.wire import Wire


class Gone(Wire, frozen=True):
    """Hashes of files that nobody names any more, in hexadecimal digits."""

    hashes: list[str]


async def _remove(tools: Tools, organization_id: UUID, gone: Gone) -> None:
    hashes = [bytes.fromhex(one) for one in gone.hashes]
    async with tools.database.read(organization_id) as tx:
        named = set(
            await tx.all(
                select(FileRow.content_hash).where(own(FileRow, tx), among(FileRow.content_hash, hashes))
            )
        )
    for content_hash in hashes:
        if content_hash not in named:
            await tools.workshop.files.remove(content_hash)


REMOVE: Final = Job("files.remove", Gone, _remove)


async def forget_documents(tx: Tx, subject_ids: Iterable[UUID]) -> None:
    """Forget every document that was made about these rows; whoever looks again has them made anew, out of what is left."""
    theirs = own(FileRow, tx), among(FileRow.subject_id, list(subject_ids)), FileRow.made_from.is_not(None)
    hashes = await tx.all(select(FileRow.content_hash).where(*theirs))
    if hashes:
        await tx.execute(delete(FileRow).where(*theirs))
        await enqueue(tx, REMOVE, Gone(hashes=[one.hex() for one in hashes]))
