"""How child processes are started: as whom, with which environment, and bound to our own life."""

import ctypes
import os
import signal
import sys
from collections.abc import Callable
from typing import TypedDict

_PR_SET_PDEATHSIG = 1
# Looked up once: between fork and exec nothing may be loaded any more.
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


class Identity(TypedDict, total=False):
    """The keywords of `subprocess` that make a child somebody else; empty means ourselves."""

    user: int
    group: int
    extra_groups: list[int]


def identity(uid: int | None, gid: int | None) -> Identity:
    if uid is None or gid is None:
        return {}
    return {"user": uid, "group": gid, "extra_groups": []}


def clean_environment() -> dict[str, str]:
    """No PG* variable of the caller's shell may steer our server, and its messages stay English: we read them."""
    kept = {name: os.environ[name] for name in ("PATH", "LD_LIBRARY_PATH") if name in os.environ}
    return {**kept, "LC_ALL": "C"}


def die_with_parent(sign: signal.Signals) -> Callable[[], None]:
    """Make a `preexec_fn` after which the kernel sends `sign` to the child once the *thread* that started it is gone.

    Only Linux can do this. Elsewhere a child outlives a parent that is killed, and the next start stops it.
    """
    parent = os.getpid()

    def bind() -> None:
        if _LIBC is None:
            return
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:  # it died before the call above, so nobody will tell us
            os._exit(127)

    return bind
