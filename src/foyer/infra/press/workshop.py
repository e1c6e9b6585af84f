"""Documents that are made once and kept: under a key of everything they show, so that one that shows something else is another."""

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from foyer.infra.db.engine import Database
from foyer.infra.db.tables import FileRow
from foyer.infra.db.tx import own
from foyer.infra.files import FileStore, files_in
from foyer.infra.press.press import Press
from foyer.kernel.ids import uuid7
from foyer.settings import Settings

PDF: Final = "application/pdf"


@dataclass(frozen=True, slots=True)
class Workshop:
    """What it takes to make a document and to keep it; opened once in each process, and costs nothing until used."""

    database: Database
    files: FileStore
    press: Press

    async def made(
        self,
        organization_id: UUID,
        subject_id: UUID,
        shown: Any,
        make: Callable[[], Awaitable[bytes]],
        *,
        kind: str = PDF,
    ) -> bytes:
        """The document that shows this: the kept one, or one made now. No transaction is open while it is made.

        Args:
            organization_id: whose it is.
            subject_id: the row it tells of; with that row its documents can be forgotten.
            shown: everything it depends on, the version of its template included.
            make: makes it.
            kind: the type of its media.
        """
        key = hashlib.sha256(msgspec.json.encode(shown, order="deterministic")).digest()
        if (kept := await self._kept(organization_id, key)) is not None:
            return kept
        content = await make()
        content_hash = await self.files.put(content)
        async with self.database.write(organization_id) as tx:
            row = insert(FileRow).values(
                organization_id=organization_id,
                id=uuid7(),
                content_hash=content_hash,
                media_type=kind,
                size_bytes=len(content),
                made_from=key,
                subject_id=subject_id,
            )
            replaced = row.on_conflict_do_update(
                index_elements=["organization_id", "made_from"],
                index_where=FileRow.made_from.is_not(None),
                set_={"content_hash": content_hash, "size_bytes": len(content)},
            )
            await tx.execute(replaced)
        return content

    async def _kept(self, organization_id: UUID, key: bytes) -> bytes | None:
        async with self.database.read(organization_id) as tx:
            query = select(FileRow.content_hash).where(own(FileRow, tx), FileRow.made_from == key)
            content_hash = await tx.first(query)
        return None if content_hash is None else await self.files.get(content_hash)


def workshop_in(settings: Settings, database: Database) -> Workshop:
    """The workshop of an installation. Fonts for further scripts are looked for in the folder `fonts` of its data."""
    return Workshop(database, files_in(settings.data), Press(settings.data / "fonts"))
