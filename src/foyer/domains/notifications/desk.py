"""The mail log as SQL: rows written once, claimed by one sender, closed with what came of it."""

from typing import Final, NamedTuple
from uuid import UUID

import msgspec

from foyer.domains.customers import ERASED
from foyer.domains.notifications.types import Details, MailKind, MailStatus
from foyer.infra.db.engine import Connection

CLAIM_SECONDS: Final = 600
"""Longer than any one try can take, so that two workers never send the same mail at once."""
LOST_MAX: Final = 1
"""So often a mail whose fate is unknown is sent again; it may arrive once more than wanted, and no oftener."""
TRIES_MAX: Final = 5

_INSERT = """
INSERT INTO mail_log (organization_id, id, template, recipient, customer_id, language, subject_id, details, once_key)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
ON CONFLICT (organization_id, once_key) WHERE once_key IS NOT NULL DO NOTHING
"""

# A claim that ran out without a word was held by a worker that is no more: whether its mail left is not known.
_CLAIM = """
UPDATE mail_log SET status = 'pending', tries = tries + 1, lost = lost + (claimed_until IS NOT NULL)::int,
       claimed_until = foyer_now() + $3 * interval '1 second', message_id = coalesce(message_id, $4), updated_at = foyer_now()
WHERE organization_id = $1 AND id = $2 AND status IN ('pending', 'failed')
  AND (claimed_until IS NULL OR claimed_until <= foyer_now()) AND lost + (claimed_until IS NOT NULL)::int <= $5
RETURNING tries, lost, message_id
"""

_GIVE_UP = """
UPDATE mail_log SET status = 'failed', lost = lost + 1, claimed_until = NULL, error_message = $3, updated_at = foyer_now()
WHERE organization_id = $1 AND id = $2 AND status = 'pending' AND claimed_until <= foyer_now()
"""

_STATUS = "SELECT status, claimed_until > foyer_now() FROM mail_log WHERE organization_id = $1 AND id = $2"

_CLOSE = """
UPDATE mail_log SET status = $3, sent_at = CASE WHEN $3 = 'sent' THEN foyer_now() END, error_message = $4, claimed_until = NULL,
       lost = lost + $5, updated_at = foyer_now()
WHERE organization_id = $1 AND id = $2 AND status = 'pending'
"""

# Reminders go to buyers who never became a customer; their cart has forgotten them as well.
_SCRUB = """
UPDATE mail_log SET recipient = $3, error_message = NULL, updated_at = foyer_now(),
       status = CASE WHEN status = 'pending' THEN 'dropped' ELSE status END, claimed_until = NULL
WHERE organization_id = $1 AND recipient <> $3 AND (customer_id = $2 OR (template = 'cart_abandoned' AND EXISTS (
  SELECT FROM carts c WHERE c.organization_id = $1 AND c.id = mail_log.subject_id AND c.customer IS NULL)))
"""

_OPT_OUT = "INSERT INTO mail_opt_outs (organization_id, address_hash) VALUES ($1, $2) ON CONFLICT DO NOTHING"

_OPTED_OUT = (
    "SELECT EXISTS (SELECT FROM mail_opt_outs WHERE organization_id = $1 AND address_hash = ANY($2::bytea[]))"
)


class NewMail(NamedTuple):
    """A mail to be sent once this transaction is committed."""

    id: UUID
    kind: MailKind
    recipient: str
    language: str
    about: UUID | None
    customer_id: UUID | None = None
    details: Details = Details()
    once: str | None = None


class Claim(NamedTuple):
    """The right to send a mail, for a while and alone."""

    tries: int
    lost: int
    message_id: str

    @property
    def is_last(self) -> bool:
        return self.tries >= TRIES_MAX

    @property
    def is_last_unknown(self) -> bool:
        """Whether a try of which nobody learns the end must not be followed by another one."""
        return self.lost >= LOST_MAX


async def insert_mail(connection: Connection, organization_id: UUID, mail: NewMail) -> bool:
    """Write a mail down; whether it was not there before, under what it is sent once for."""
    answer = await connection.execute(
        _INSERT,
        organization_id,
        mail.id,
        mail.kind.value,
        mail.recipient,
        mail.customer_id,
        mail.language,
        mail.about,
        msgspec.json.encode(mail.details).decode(),
        mail.once,
    )
    return answer.endswith("1")


async def claim_mail(
    connection: Connection, organization_id: UUID, mail_id: UUID, *, message_id: str
) -> Claim | None:
    """Take a mail for sending. None where there is nothing to send, or somebody else has it."""
    row = await connection.fetchrow(_CLAIM, organization_id, mail_id, CLAIM_SECONDS, message_id, LOST_MAX)
    return None if row is None else Claim(*row)


async def give_up_lost(connection: Connection, organization_id: UUID, mail_id: UUID, words: str) -> bool:
    """End a mail that was lost once too often; whether it was."""
    return (await connection.execute(_GIVE_UP, organization_id, mail_id, words)).endswith("1")


async def is_claimed(connection: Connection, organization_id: UUID, mail_id: UUID) -> bool:
    """Whether somebody is sending this mail at this moment."""
    row = await connection.fetchrow(_STATUS, organization_id, mail_id)
    return row is not None and row[0] == MailStatus.PENDING and bool(row[1])


async def close_mail(
    connection: Connection,
    organization_id: UUID,
    mail_id: UUID,
    status: MailStatus,
    words: str | None = None,
    *,
    is_lost: bool = False,
) -> None:
    """Write down what came of a try; `pending` lets go of the mail for another one."""
    await connection.execute(_CLOSE, organization_id, mail_id, status.value, words, int(is_lost))


async def scrub_mails(connection: Connection, organization_id: UUID, customer_id: UUID) -> None:
    """Take the address of a buyer who was erased out of every mail to them; those that wait are not sent any more."""
    await connection.execute(_SCRUB, organization_id, customer_id, ERASED)


async def opt_out(connection: Connection, organization_id: UUID, address_hash: bytes) -> None:
    await connection.execute(_OPT_OUT, organization_id, address_hash)


async def has_opted_out(connection: Connection, organization_id: UUID, hashes: list[bytes]) -> bool:
    return bool(await connection.fetchval(_OPTED_OUT, organization_id, hashes))
