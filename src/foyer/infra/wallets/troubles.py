"""What is wrong with an installation's keys for wallets, told before a buyer meets it."""

import time
from collections.abc import Iterator
from typing import Final

from foyer.infra.wallets.keys import APPLE_FILE, UnreadableKeysError, read_apple, read_google
from foyer.settings import Settings

DAY_SECONDS: Final = 86_400
RENEW_DAYS: Final = 30


def key_troubles(settings: Settings) -> list[str]:
    """Sentences for the operator; none where all is well or nothing is set."""
    return [*_apple(settings), *_google(settings)]


def _apple(settings: Settings) -> Iterator[str]:
    if settings.apple_wallet is None:
        return
    try:
        ends_at = read_apple(settings.apple_wallet).ends_at
    except UnreadableKeysError as wrong:
        yield str(wrong)
        return
    days = (ends_at.timestamp() - time.time()) / DAY_SECONDS
    if days <= 0:
        yield f"The certificate in {APPLE_FILE} ended on {ends_at:%-d %b %Y}; no pass is given out until you renew it."
    elif days < RENEW_DAYS:
        yield f"The certificate in {APPLE_FILE} ends on {ends_at:%-d %b %Y}; renew it, as docs/operate says."


def _google(settings: Settings) -> Iterator[str]:
    if settings.google_wallet is None or settings.google_wallet_issuer is None:
        return
    try:
        read_google(settings.google_wallet, settings.google_wallet_issuer)
    except UnreadableKeysError as wrong:
        yield str(wrong)
