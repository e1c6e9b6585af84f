"""The file by which other processes of this installation find the running server."""

import fcntl
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from foyer.infra.db.embedded.directories import lock_file


@dataclass(frozen=True, slots=True)
class Address:
    """How to reach the running embedded server, one address a role."""

    app: str
    owner: str


def read_address(data: Path) -> Address | None:
    """The running server's address; None when nobody supervises one, whatever a killed process left behind."""
    data = data.resolve()
    try:
        words = json.loads(_file(data).read_bytes())
        with lock_file(data).open("rb") as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return Address(app=words["app"], owner=words["owner"])
    except FileNotFoundError:
        return None
    return None


def write_address(data: Path, address: Address) -> None:
    staging = data / "address.new"
    staging.unlink(missing_ok=True)
    descriptor = os.open(staging, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(address), file)
    staging.replace(_file(data))


def remove_address(data: Path) -> None:
    _file(data).unlink(missing_ok=True)


def _file(data: Path) -> Path:
    return data / "address"
