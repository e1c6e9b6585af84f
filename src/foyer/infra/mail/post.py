"""The way mail leaves, as the settings say."""

from typing import Protocol

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


def post_for(settings: Settings) -> Post:
    """The mail server, or the directory `mail` of FOYER_DATA where none is set."""
    if settings.smtp_url is None:
        return KeptPost(settings.data / "mail", settings.mail_from)
    from foyer.infra.mail.smtp import SmtpPost, SmtpServer  # only who sends loads what sending needs

    return SmtpPost(SmtpServer.of(settings.smtp_url), settings.mail_from)
