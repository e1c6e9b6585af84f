"""How sending a mail fails.

MailError
├── Undeliverable   not now: no connection, a temporary answer, a server that does not take our login
├── AnswerLost      nobody knows: the letter was handed over and no answer came
└── Refused         never: the server will not take this letter, or not for this address
"""

import re

_ADDRESS = re.compile(r"[^\s<>()\"']+@[^\s<>()\"']+")


class MailError(Exception):
    """A mail was not sent, or may not have been; `words` are the server's own, on one line.

    As text it names nobody: servers repeat the address, and this is written to logs that outlive an erasure.
    """

    def __init__(self, words: str) -> None:
        super().__init__(_ADDRESS.sub("(address)", words))
        self.words = words


class Undeliverable(MailError):
    """It can be tried again later; nothing was accepted."""


class AnswerLost(MailError):
    """The server has the letter and did not answer: it may or may not be on its way."""


class Refused(MailError):
    """The server has said no for good, to this recipient or to this letter."""
