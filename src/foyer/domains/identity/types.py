"""Values of identity."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from foyer.domains.organizations.types import Shop
from foyer.kernel.actor import Actor
from foyer.kernel.wire import Wire


class UserDraft(Wire, frozen=True):
    """A member of staff to be added."""

    name: str
    email: str
    password: str
    role: str


class Issued(Wire, frozen=True):
    """A credential at the only moment its secret is known."""

    id: UUID
    secret: str


class Visit(Wire, frozen=True):
    """From where somebody comes: what they hold in their hands, in words, and the address of their network."""

    device: str
    ip: str


class NewSession(Wire, frozen=True):
    """A session at the only moment its token is known."""

    id: UUID
    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A member of staff who is signed in, as of the request; `id` is the sign-in's, through all its tokens."""

    id: UUID
    actor: Actor
    user_id: UUID
    name: str
    email: str
    role: str
    is_confirmed: bool
    """Whether they have proved that the address is theirs."""
    shop: Shop
    is_stale: bool
    """Whether it is time to note that they are still there."""


class LinkPurpose(StrEnum):
    """What a link that is sent to a member of staff is good for."""

    CONFIRM = "email_confirmation"
    RESET = "password_reset"


class StaffLink(Wire, frozen=True):
    """A link at the only moment it is known, and to whom it is sent."""

    user_id: UUID
    name: str
    role: str
    email: str
    url: str
    expires_at: datetime


class Device(Wire, frozen=True):
    """A device at a door as the office lists it; without `paired_at` no phone is it yet."""

    id: UUID
    name: str
    all_events: bool
    made_by: str
    created_at: datetime
    paired_at: datetime | None


class Pairing(Wire, frozen=True):
    """How the pairing of a device stands. `code` is there as long as it can be taken."""

    device_id: UUID
    device_name: str
    code: str | None
    expires_at: datetime | None
    redeemed_at: datetime | None


class BuyerCode(NamedTuple):
    """A code that signs a buyer in, at the only moment it is known; `digits` are plain, without gaps."""

    digits: str
    expires_at: datetime


class LinkHolder(NamedTuple):
    """To whom a link was sent that is good still."""

    organization_id: UUID
    user_id: UUID
    email: str
    expires_at: datetime


class Limit(NamedTuple):
    """How often something may be tried within a window of time."""

    name: str
    most: int
    within: timedelta


class Match(NamedTuple):
    """Somebody who has typed the right password, and which password that was."""

    organization_id: UUID
    user_id: UUID
    mark: str
    organization: str


class SignedInAt(NamedTuple):
    """One place where somebody is signed in, as they are shown it."""

    id: UUID
    device: str
    ip: str
    since: datetime
    last_active: datetime


class AuditFilter(Wire, frozen=True):
    """Of which entries: those about a row, those of one user, key or device."""

    subject_id: UUID | None = None
    actor_id: UUID | None = None


class AuditActor(Wire, frozen=True):
    """Who did it: a `user`, an `api_key` or a `device`, under the name it has today."""

    kind: str
    id: UUID | None
    name: str


class AuditEntry(Wire, frozen=True):
    """One thing that was done. `changes` has `[before, after]` by field, and `"changed"` where the values are personal."""

    id: UUID
    created_at: datetime
    action: str
    subject_kind: str
    subject_id: UUID
    actor: AuditActor
    changes: dict[str, object]
