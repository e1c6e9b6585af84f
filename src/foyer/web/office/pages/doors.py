"""Pages about check-in: how full each event is, what was scanned, and the phones that scan."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Final
from uuid import UUID

from markupsafe import Markup

from foyer.domains.events.types import DoorEvent
from foyer.domains.identity.types import Device, Pairing
from foyer.domains.tickets.types import DoorCounts, LoggedScan, ScanResult
from foyer.web.office.frame import Frame
from foyer.web.office.pages.form import FormState

Badge = tuple[str, str, str]
"""Word, kind and icon."""

SAID: Final[dict[ScanResult | None, Badge]] = {
    ScanResult.ADMITTED: ("Admitted", "good", "check"),
    ScanResult.ALREADY_USED: ("Already used", "warn", "warning"),
    ScanResult.CANCELLED: ("Cancelled", "bad", "ban"),
    ScanResult.REFUNDED: ("Refunded", "bad", "ban"),
    ScanResult.WRONG_EVENT: ("Wrong event", "bad", "ban"),
    ScanResult.UNKNOWN: ("Unknown code", "bad", "ban"),
    ScanResult.TAMPERED: ("Not genuine", "bad", "ban"),
    ScanResult.SUPERSEDED: ("Handed on", "bad", "ban"),
    None: ("Taken back", "", "undo"),
}


@dataclass(frozen=True, slots=True)
class ScanView:
    """One line of the log. With `undo_href` the check-in can be taken back from here."""

    scan: LoggedScan
    undo_href: str = ""

    @property
    def badge(self) -> Badge:
        return SAID[self.scan.result]

    @property
    def who(self) -> str:
        return self.scan.holder or ("No name" if self.scan.ticket_id and self.scan.ticket_type_name else "")


@dataclass(frozen=True, slots=True)
class DeviceView:
    """One phone at a door; `events` are the titles it is named for, empty for all of them."""

    device: Device
    events: Sequence[str]
    last_scan_at: datetime | None

    @property
    def where(self) -> str:
        if self.device.all_events:
            return "All events"
        return self.events[0] if len(self.events) == 1 else f"{len(self.events)} events"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckInPage:
    """Doors at a glance. `event` is the one whose log is shown."""

    frame: Frame
    events: Sequence[DoorEvent]
    counts: Mapping[UUID, DoorCounts]
    event: DoorEvent | None
    scans: Sequence[ScanView]
    devices: Sequence[DeviceView]
    zone: str
    """Of the event whose log is shown; times of devices are told by the same clocks."""
    problem: str = ""

    @property
    def may_manage(self) -> bool:
        return self.frame.may("tickets:manage")


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDevicePage:
    """The form that makes a device."""

    frame: Frame
    form: FormState
    events: Sequence[DoorEvent]
    chosen: Sequence[str] = field(default=())
    fields: ClassVar = ("name", "eventIds", "reach")
    reaches: ClassVar = (
        ("named", "Only these events", "A phone that gets lost opens no other door."),
        ("all", "All events, also those to come", "For a phone that stays with you."),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicePage:
    """How a phone is paired with a device: a picture to scan and a code to type, as long as they can be taken."""

    frame: Frame
    pairing: Pairing
    qr_svg: Markup
    link: str
    zone: str
    problem: str = ""

    @property
    def href(self) -> str:
        return f"/office/check-in/devices/{self.pairing.device_id}"
