"""The intent: a row and a job in the transaction of what the mail is about."""

from foyer.domains.customers import ERASED
from foyer.domains.notifications.actions.send import SEND
from foyer.domains.notifications.desk import NewMail, insert_mail
from foyer.domains.notifications.types import SendMail
from foyer.infra.db.tx import Tx
from foyer.infra.jobs import enqueue


async def want_mail(tx: Tx, mail: NewMail) -> bool:
    """Have a mail sent once this transaction is committed; whether it was not wanted before. Nobody writes to who was erased."""
    if mail.recipient == ERASED:
        return False
    if not await insert_mail(await tx.desk(), tx.organization_id, mail):
        return False
    await enqueue(tx, SEND, SendMail(mail_id=mail.id), dedupe=str(mail.id))
    return True
