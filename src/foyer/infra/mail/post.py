"""The way mail leaves, as the settings say."""

from typing import Final, Protocol

from foyer.infra import metrics
from foyer.infra.mail.errors import MailError, Refused
from foyer.infra.mail.kept import KeptPost
from foyer.infra.mail.letter import Letter
from foyer.settings import Settings


class Post(Protocol):
    """Takes letters, one at a time or many at once."""

    async def send(self, letter: Letter) -> None:
        """Hand one letter over.

        Raises:
            Undeliverable: it was not taken, and may be later.
            AnswerLost: it was handed over, and no answer came.
            Refused: it will never be taken.
        """

    async def close(self) -> None: ...


class _Counted:
    """A post whose letters are counted."""

    def __init__(self, post: Post) -> None:
        self._post = post

    async def send(self, letter: Letter) -> None:
        try:
            await self._post.send(letter)
        except Refused:
            metrics.meter.mail("refused")
            raise
        except MailError:
            metrics.meter.mail("failed")
            raise
        metrics.meter.mail("sent")

    async def close(self) -> None:
        await self._post.close()


KEPT: Final = "mail"
"""Where in FOYER_DATA mails are kept that no server is there for."""


def post_for(settings: Settings) -> Post:
    """The mail server, or the directory `mail` of FOYER_DATA where none is set."""
    if settings.smtp_url is None:
        return _Counted(KeptPost(settings.data / KEPT, settings.mail_from))
    from foyer.infra.mail.smtp import SmtpPost, SmtpServer  # only who sends loads what sending needs

    return _Counted(SmtpPost(SmtpServer.of(settings.smtp_url), settings.mail_from))
