"""Tables: tickets, the keys that sign them, every scan at a door, every change of hands."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Integer, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Json,
    KeyText,
    Tenant,
    belongs_to_organization,
    index,
    reference,
    reference_in_event,
    table_args,
)

_NAME: Final = (
    "lower(coalesce(attendee_info ->> 'firstName' || ' ', '') || coalesce(attendee_info ->> 'lastName', ''))"
)
_LAST_NAME: Final = "lower(attendee_info ->> 'lastName')"
_EMAIL: Final = "lower(attendee_info ->> 'email')"
"""How people look for a guest: by the name or address that was given for the ticket, from its beginning."""


class TicketRow(Base, Tenant, Dated):
    """One person's way in to one event."""

    __tablename__ = "tickets"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference_in_event("ticket_type_id", "ticket_types"),
        reference_in_event("order_id", "orders"),
        reference_in_event("order_item_id", "order_items"),
        reference("checked_in_by_user_id", "users"),
        reference("checked_in_by_device_id", "devices"),
        reference("transferred_from", "customers"),
        reference("transferred_to", "customers"),
        UniqueConstraint("organization_id", "code"),
        # None names what a check-in writes: it then changes one page (a heap-only tuple) instead of one of each index.
        index("tickets", "event_id", "ticket_type_id"),
        index("tickets", "event_id", "created_at", "id"),
        index("tickets", "created_at", "id"),
        index("tickets", "attendee_name_key"),
        index("tickets", "attendee_last_name_key"),
        index("tickets", "attendee_email_key"),
        index("tickets", "order_id"),
        index("tickets", "order_item_id"),
        index("tickets", "transferred_from", where="transferred_from IS NOT NULL"),
        index("tickets", "transferred_to", where="transferred_to IS NOT NULL"),
        CheckConstraint("code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'", name="code"),
        CheckConstraint("status IN ('valid', 'used', 'cancelled', 'refunded')", name="status"),
        CheckConstraint("generation >= 1", name="generation"),
        CheckConstraint("status <> 'used' OR checked_in_at IS NOT NULL", name="used_at"),
        CheckConstraint("checked_in_at IS NULL OR num_nonnulls(checked_in_by_user_id, checked_in_by_device_id) = 1",
                        name="checked_in_by"),
        CheckConstraint("(transferred_at IS NULL) = (transferred_to IS NULL)", name="transferred"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
        postgresql_with={"fillfactor": 90},
    )  # fmt: skip

    event_id: Mapped[UUID]
    ticket_type_id: Mapped[UUID]
    order_id: Mapped[UUID]
    order_item_id: Mapped[UUID]
    code: Mapped[str] = mapped_column(KeyText)
    generation: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    status: Mapped[str] = mapped_column(server_default="valid")
    attendee_info: Mapped[Json | None]
    attendee_name_key: Mapped[str | None] = mapped_column(KeyText, Computed(_NAME, persisted=True))
    attendee_last_name_key: Mapped[str | None] = mapped_column(KeyText, Computed(_LAST_NAME, persisted=True))
    attendee_email_key: Mapped[str | None] = mapped_column(KeyText, Computed(_EMAIL, persisted=True))
    checked_in_at: Mapped[datetime | None]
    checked_in_by_user_id: Mapped[UUID | None]
    checked_in_by_device_id: Mapped[UUID | None]
    transferred_at: Mapped[datetime | None]
    transferred_from: Mapped[UUID | None]
    transferred_to: Mapped[UUID | None]


class SigningKeyRow(Base, Tenant):
    """An Ed25519 key of the organization; gates know its public half, the private one is sealed."""

    __tablename__ = "signing_keys"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        UniqueConstraint("organization_id", "key_id"),
        index("signing_keys", where="retired_at IS NULL", unique=True, name="uq_signing_keys_current"),
        CheckConstraint("key_id BETWEEN 0 AND 4294967295", name="key_id"),
        CheckConstraint("octet_length(public_key) = 32", name="public_key"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    key_id: Mapped[int]
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sealed_private_key: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
    retired_at: Mapped[datetime | None]


class ScanRow(Base, Tenant):
    """One look at one code at a door, admitted or refused, or a check-in taken back; never changed, never deleted."""

    __tablename__ = "scans"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("ticket_id", "tickets"),
        reference("device_id", "devices"),
        reference("user_id", "users"),
        index("scans", "device_id", "scan_id", where="device_id IS NOT NULL", unique=True,
              name="uq_scans_device_scan"),
        index("scans", "user_id", "scan_id", where="user_id IS NOT NULL", unique=True,
              name="uq_scans_user_scan"),
        index("scans", "scan_id", where="scan_id IS NOT NULL"),
        index("scans", "event_id", "id"),
        index("scans", "ticket_id", where="ticket_id IS NOT NULL"),
        CheckConstraint(
            "result IN ('admitted', 'already_used', 'cancelled', 'refunded', 'wrong_event', 'unknown', 'tampered',"
            " 'superseded', 'undone')",
            name="result",
        ),
        CheckConstraint("num_nonnulls(device_id, user_id) = 1", name="scanned_by"),
        CheckConstraint("(ticket_id IS NULL) = (result IN ('unknown', 'tampered'))", name="ticket_id"),
        CheckConstraint("octet_length(presented_hash) = 32", name="presented_hash"),
        # What is taken back is a ticket, not something that was held out.
        CheckConstraint("(presented_hash IS NULL) = (result = 'undone')", name="undone"),
        info={"app_rights": "SELECT, INSERT"},
    )  # fmt: skip

    event_id: Mapped[UUID]
    ticket_id: Mapped[UUID | None]
    device_id: Mapped[UUID | None]
    user_id: Mapped[UUID | None]
    scan_id: Mapped[UUID | None]
    result: Mapped[str]
    presented_hash: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))


class TransferRow(Base, Tenant):
    """A ticket that changed hands: from whom, to whom, and which generation of it is admitted since."""

    __tablename__ = "transfers"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("ticket_id", "tickets"),
        reference("from_customer_id", "customers"),
        reference("to_customer_id", "customers"),
        UniqueConstraint("organization_id", "ticket_id", "generation"),
        index("transfers", "from_customer_id"),
        index("transfers", "to_customer_id"),
        UniqueConstraint("organization_id", "former_code"),
        CheckConstraint("former_code ~ '^[0-9A-HJKMNP-TV-Z]{16}$'", name="former_code"),
        # The first generation is the one that was bought.
        CheckConstraint("generation >= 2", name="generation"),
        info={"app_rights": "SELECT, INSERT"},
    )

    ticket_id: Mapped[UUID]
    from_customer_id: Mapped[UUID]
    to_customer_id: Mapped[UUID]
    generation: Mapped[int] = mapped_column(Integer)
    former_code: Mapped[str] = mapped_column(KeyText)
    """What was typed at the door before; the door says of it that the ticket was handed on."""
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
