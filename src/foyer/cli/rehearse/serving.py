"""Where the shop answers: at an address that is given, where this installation runs, or in processes started for the rehearsal."""

import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from foyer.cli.supervisor import listening_sockets
from foyer.infra.db.embedded import Address
from foyer.infra.db.embedded.processes import die_with_parent
from foyer.settings import Settings, SettingsError

READY_SECONDS: Final = 60.0
_GOODBYE_SECONDS: Final = 30.0
_HOST: Final = "127.0.0.1"


@contextmanager
def served(settings: Settings, address: Address, url: str | None) -> Iterator[str]:
    """The address to buy at, for the length of a rehearsal.

    Raises:
        SettingsError: nobody answers there, with the sentence that says what to do.
    """
    if url is not None:
        if not _answers(url.rstrip("/")):
            raise SettingsError(f"Nothing answers at {url}; is it the address of this installation?")
        yield url.rstrip("/")
        return
    host = _HOST if settings.host in {"0.0.0.0", "::"} else settings.host  # noqa: S104 - read, not bound
    usual = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
    if _answers(usual):
        yield usual
        return
    print(
        "This installation does not run; web workers and a background worker are started for the rehearsal."
    )
    with _started(settings, address) as own:
        yield own


@contextmanager
def _started(settings: Settings, address: Address) -> Iterator[str]:
    sockets = listening_sockets(_HOST, 0, settings.web_workers)
    url = f"http://{_HOST}:{sockets[0].getsockname()[1]}"
    with tempfile.TemporaryDirectory(prefix="foyer-rehearsal-") as folder:
        log = str(Path(folder) / "log")
        environment = {
            **os.environ,
            "FOYER_DATABASE_URL": address.app,
            "FOYER_LOG": log,
            "FOYER_DATA": str(settings.data),
        }
        base = [sys.executable, "-m", "foyer"]
        commands = [([*base, "serve", "--fd", str(one.fileno())], (one.fileno(),)) for one in sockets]
        children: list[subprocess.Popen[bytes]] = []
        try:
            for command, passed in [*commands, ([*base, "worker"], ())]:
                child = subprocess.Popen(
                    command,
                    env=environment,
                    pass_fds=passed,
                    start_new_session=True,  # Ctrl-C is for us; they are ended when the rehearsal is put away
                    preexec_fn=die_with_parent(signal.SIGTERM),  # noqa: PLW1509 - two system calls, prepared before the fork
                )
                children.append(child)
            for one in sockets:
                one.close()
            _await_ready(url, children)
            yield url
        finally:
            for child in children:
                child.terminate()
            for child in children:
                see_off(child)


def _await_ready(url: str, children: "list[subprocess.Popen[bytes]]") -> None:
    until = time.monotonic() + READY_SECONDS
    while not _answers(url):
        if any(child.poll() is not None for child in children) or time.monotonic() > until:
            raise SettingsError(
                "The shop could not be started for the rehearsal; `foyer doctor` looks for the reason."
            )
        time.sleep(0.1)


def see_off(child: "subprocess.Popen[bytes]") -> None:
    """Wait for a process that was told to end, and kill it where it does not."""
    try:
        child.wait(_GOODBYE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _answers(url: str) -> bool:
    with (
        suppress(OSError, ValueError),
        urllib.request.urlopen(f"{url}/readyz", timeout=5),  # noqa: S310 - an address that the operator names
    ):
        return True
    return False
