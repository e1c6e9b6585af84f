"""Reads of the mail log."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec
from sqlalchemy import func, select

from foyer.domains.notifications.models import MailRow
from foyer.domains.notifications.types import Details, Mail, MailKind, MailStatus, PendingMail
from foyer.infra.db.tx import ReadTx, among, own

ABOUT_MAX: Final = 200


async def pending_mail(tx: ReadTx, mail_id: UUID) -> PendingMail | None:
    """A mail that has not been sent; None where it has, or where nothing is to be sent any more."""
    query = select(MailRow).where(own(MailRow, tx), MailRow.id == mail_id)
    row = await tx.first(query)
    if row is None or row.status not in {MailStatus.PENDING, MailStatus.FAILED}:
        return None
    return PendingMail(
        row.id, MailKind(row.template), row.recipient, row.language, row.subject_id,
        msgspec.convert(row.details, Details), row.created_at,
    )  # fmt: skip


async def mails_since(tx: ReadTx, subject_id: UUID, kind: MailKind, since: datetime) -> int:
    """How many mails of a kind were written about something from this moment on."""
    query = select(func.count()).where(own(MailRow, tx), MailRow.subject_id == subject_id)
    return await tx.one(query.where(MailRow.template == kind.value, MailRow.created_at >= since))


async def cart_reminder(tx: ReadTx, mail_id: UUID) -> str | None:
    """To whom a reminder went; None where there is no such one."""
    query = select(MailRow.recipient).where(own(MailRow, tx), MailRow.id == mail_id)
    return await tx.first(query.where(MailRow.template == MailKind.CART_ABANDONED.value))


async def mails_about(tx: ReadTx, *subject_ids: UUID) -> Sequence[Mail]:
    """What was written to anybody about an order, a ticket, a cart or a member of staff, the oldest first."""
    query = select(MailRow).where(own(MailRow, tx), MailRow.subject_id.is_not(None))
    query = query.where(among(MailRow.subject_id, subject_ids)).order_by(MailRow.id).limit(ABOUT_MAX)
    return [_view(row) for row in await tx.all(query)]


def _view(row: MailRow) -> Mail:
    return Mail(
        id=row.id,
        kind=MailKind(row.template),
        recipient=row.recipient,
        status=MailStatus(row.status),
        tries=row.tries,
        created_at=row.created_at,
        sent_at=row.sent_at,
        error_message=row.error_message,
    )
