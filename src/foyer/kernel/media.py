"""Addresses of what an organization has uploaded: `/media/<organization>/<hash>.webp`."""

import re
from typing import Final, NamedTuple
from uuid import UUID

from foyer.kernel.text import is_web_url

SUFFIXES: Final = {"image/webp": "webp", "image/png": "png"}
TYPES: Final = {suffix: media_type for media_type, suffix in SUFFIXES.items()}
_PATH: Final = re.compile(r"/media/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/([0-9a-f]{64})\.(webp|png)")


class Media(NamedTuple):
    """A picture that is kept here: whose, under which hash, of which type."""

    organization_id: UUID
    content_hash: bytes
    media_type: str

    @property
    def address(self) -> str:
        return f"/media/{self.organization_id}/{self.content_hash.hex()}.{SUFFIXES[self.media_type]}"


def media_at(address: str) -> Media | None:
    """What an address of ours names; None for any other text."""
    parts = _PATH.fullmatch(address)
    return Media(UUID(parts[1]), bytes.fromhex(parts[2]), TYPES[parts[3]]) if parts else None


def is_picture(address: str, organization_id: UUID) -> bool:
    """Whether an organization may show a picture by this address: one of its own, or one somewhere on the web."""
    media = media_at(address)
    return media.organization_id == organization_id if media else is_web_url(address)
