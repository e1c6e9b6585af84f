"""Passwords: hashed slowly, a few at a time, and compared in the same time whether there is one or not."""

import asyncio
import os
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, ParamSpec, TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from foyer.kernel.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")

# OWASP Password Storage Cheat Sheet: 19 MiB, two passes, one lane.
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

AT_ONCE: Final = max(1, (os.cpu_count() or 2) // 2)
"""Passwords that one process hashes at a time; tickets are sold on the other cores meanwhile."""
WAITING_MAX: Final = 40
"""Where so many wait already, whoever comes is told at once: it is about two seconds of work."""


LENGTH_MAX: Final = 1_000
"""So that nobody has a novel hashed; no password is as long."""


class _Bench:
    """The places at which passwords are hashed, and how many wait for one."""

    def __init__(self) -> None:
        self._places = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="password")
        self._waiting = 0

    async def do(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._waiting >= WAITING_MAX:
            raise Busy
        self._waiting += 1
        try:
            return await asyncio.wrap_future(self._places.submit(work, *args, **kwargs))
        finally:
            self._waiting -= 1


_bench = _Bench()


async def hash_password(password: str) -> str:
    """What is kept of a password.

    Raises:
        Busy: too many wait.
    """
    return await _bench.do(_hasher.hash, _regular(password))


async def is_password(password: str, kept: str | None) -> bool:
    """Whether it is the one that was kept. Where none was, as much work is done, and the answer is no.

    Raises:
        Busy: too many wait.
    """
    return await _bench.do(_matches, _regular(password), kept)


def _regular(password: str) -> bytes:
    """The same bytes from every keyboard; of something longer than a password can be, the beginning."""
    text = unicodedata.normalize("NFKC", password[:LENGTH_MAX])
    return text.encode("utf-8", "surrogatepass")


def _matches(password: bytes, kept: str | None) -> bool:
    if kept is None:
        _hasher.hash(password)
        return False
    try:
        return _hasher.verify(kept, password)
    except (VerificationError, InvalidHashError):
        return False
