"""What people typed and what they uploaded, made ready to be set."""

from typing import Final

from foyer.infra.files import FileStore
from foyer.kernel.media import media_at

WORD_MAX: Final = 20
_PIECE: Final = 10
LOGO_BYTES_MAX: Final = 512 * 1024


def breakable(text: str | None, most: int = 400) -> str:
    """A text in which a word that is longer than a line may be broken, and that ends somewhere."""
    text = text or ""
    cut = text if len(text) <= most else text[: most - 1].rstrip() + "…"
    return " ".join(_broken(word) for word in cut.split(" "))


def _broken(word: str) -> str:
    if len(word) <= WORD_MAX:
        return word
    return "\u200b".join(word[at : at + _PIECE] for at in range(0, len(word), _PIECE))


def lines(text: str | None, most: int) -> list[str]:
    """The lines of a text, at most so many characters of it."""
    return [breakable(line.strip()) for line in (text or "")[:most].splitlines() if line.strip()]


async def pixels(files: FileStore, address: str | None, most: int = LOGO_BYTES_MAX) -> list[int] | None:
    """A logo that is kept here, as the press takes it. One elsewhere on the web is left out: nothing is fetched for a document.

    Args:
        files: where it is kept.
        address: as its organization names it.
        most: bytes; a larger one is left out as well.
    """
    media = media_at(address or "")
    content = await files.get(media.content_hash) if media else None
    return list(content) if content is not None and len(content) <= most else None
