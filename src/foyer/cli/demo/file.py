"""The demo's file: what a person or a program needs to try it, kept beside the data it belongs to."""

import os
from pathlib import Path
from typing import Final

import msgspec

from foyer.kernel.wire import Wire

FILE: Final = "demo.json"


class DemoOwner(Wire, frozen=True):
    email: str
    password: str


class DemoType(Wire, frozen=True):
    id: str
    name: str
    price: int
    quantity: int


class DemoEventKeys(Wire, frozen=True):
    id: str
    slug: str
    title: str
    ticket_types: list[DemoType]


class DemoOrganization(Wire, frozen=True):
    slug: str
    name: str
    owner: DemoOwner
    api_key: str
    device_key: str
    events: list[DemoEventKeys]


class Demo(Wire, frozen=True):
    """The file `demo.json`: everything one needs to try the demo by program."""

    base_url: str
    organizations: list[DemoOrganization]


def read_demo(path: Path) -> list[DemoOrganization]:
    return msgspec.json.decode(path.read_bytes(), type=Demo).organizations if path.exists() else []


def write_demo(path: Path, demo: Demo) -> None:
    """Replace the file as a whole; its secrets are for this user only."""
    fresh = path.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(demo), indent=2) + b"\n")
    fresh.replace(path)
