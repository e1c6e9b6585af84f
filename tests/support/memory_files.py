"""A file store in memory: the stand-in for a store elsewhere."""

import hashlib


class MemoryFiles:
    def __init__(self) -> None:
        self.kept: dict[bytes, bytes] = {}

    async def put(self, content: bytes) -> bytes:
        content_hash = hashlib.sha256(content).digest()
        self.kept[content_hash] = content
        return content_hash

    async def get(self, content_hash: bytes) -> bytes | None:
        if len(content_hash) != 32:
            raise ValueError
        return self.kept.get(content_hash)

    async def remove(self, content_hash: bytes) -> None:
        self.kept.pop(content_hash, None)
