"""Intended, performed, recorded: a claim is committed, then the letter leaves, then what came of it is written down.

The mail is drawn before it is claimed, so that the time in which nobody knows its fate is that of the call alone. A worker that is
killed within the call leaves a claim that runs out; the mail is sent once more under the same Message-ID, and then given up.
"""

from dataclasses import replace
from typing import Final
from uuid import UUID

import structlog

from foyer.domains.notifications.desk import Claim, claim_mail, close_mail, give_up_lost, is_claimed
from foyer.domains.notifications.documents import render
from foyer.domains.notifications.documents.files import made
from foyer.domains.notifications.documents.gather import Gathered, gather
from foyer.domains.notifications.queries import pending_mail
from foyer.domains.notifications.types import MailStatus, PendingMail, SendMail
from foyer.domains.organizations import is_rehearsal
from foyer.infra.jobs import Job, Tools
from foyer.infra.mail import AnswerLost, Letter, MailError, Refused, Undeliverable

LOST: Final = "The mail server did not say whether it took this mail, twice; it may have arrived."

log = structlog.get_logger("foyer.mail")


class BeingSentError(Exception):
    """Another worker has this mail in its hands; its outcome is looked at later."""


async def send_mail(tools: Tools, organization_id: UUID, body: SendMail) -> None:
    """Send one mail, unless it was sent, or is no longer true.

    Raises:
        MailError: it was not sent now; the job is tried again.
        BeingSentError: somebody else is at it.
    """
    async with tools.database.write(organization_id) as tx:
        mail = await pending_mail(tx, body.mail_id)
        if mail is None:
            return
        gathered, stays = await gather(tx, mail, tools), await is_rehearsal(tx)
        if gathered is None:
            await close_mail(await tx.desk(), organization_id, mail.id, MailStatus.DROPPED)
            return
    letter = await _drawn(tools, organization_id, mail, gathered)
    claim = await _claimed(tools, organization_id, mail, letter.message_id)
    if claim is not None and stays:
        # A rehearsal pays for its mails up to the last step, which is the only one that anybody outside would notice.
        await _record(tools, organization_id, mail, MailStatus.DROPPED)
    elif claim is not None:
        await _perform(tools, organization_id, mail, letter, claim)


async def _drawn(tools: Tools, organization_id: UUID, mail: PendingMail, gathered: Gathered) -> Letter:
    files = await made(tools, organization_id, gathered.wanted, mail.language)
    page = replace(gathered.page, attached=frozenset(files))
    drawn = render(mail.kind, page, language=mail.language)
    host = tools.settings.mail_from.rpartition("@")[2].encode("idna").decode()
    return Letter(
        message_id=f"<{mail.id.hex}@{host}>",
        at=mail.created_at,
        to=mail.recipient,
        from_name=page.shop.name,
        reply_to=None if mail.kind.is_for_staff else page.shop.email,
        subject=drawn.subject,
        text=drawn.text,
        html=drawn.html,
        language=mail.language,
        attachments=tuple(files.values()),
        unsubscribe=page.unsubscribe,
    )


async def _claimed(tools: Tools, organization_id: UUID, mail: PendingMail, message_id: str) -> Claim | None:
    async with tools.database.batch(organization_id) as connection:
        claim = await claim_mail(connection, organization_id, mail.id, message_id=message_id)
        if claim is not None:
            return claim
        if await is_claimed(connection, organization_id, mail.id):
            raise BeingSentError
        if await give_up_lost(connection, organization_id, mail.id, LOST):
            log.error("a mail was lost twice", mail_id=mail.id)
        return None


async def _perform(
    tools: Tools, organization_id: UUID, mail: PendingMail, letter: Letter, claim: Claim
) -> None:
    try:
        await tools.post.send(letter)
    except Refused as refused:
        await _record(tools, organization_id, mail, MailStatus.BOUNCED, refused)
    except AnswerLost as lost:
        if claim.is_last_unknown:
            log.warning("a mail was lost twice", mail_id=mail.id, error=str(lost))
            await _record(tools, organization_id, mail, MailStatus.FAILED, AnswerLost(LOST))
            return
        await _record(tools, organization_id, mail, MailStatus.PENDING, lost)
        raise
    except Undeliverable as failed:
        status = MailStatus.FAILED if claim.is_last else MailStatus.PENDING
        await _record(tools, organization_id, mail, status, failed)
        raise
    else:
        await _record(tools, organization_id, mail, MailStatus.SENT)


async def _record(
    tools: Tools, organization_id: UUID, mail: PendingMail, status: MailStatus, error: MailError | None = None
) -> None:
    async with tools.database.batch(organization_id) as connection:
        await close_mail(
            connection,
            organization_id,
            mail.id,
            status,
            None if error is None else error.words,
            is_lost=isinstance(error, AnswerLost),
        )


SEND: Final = Job("mail.send", SendMail, send_mail)
