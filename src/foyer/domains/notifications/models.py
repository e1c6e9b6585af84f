"""Tables: what organizers write to their guests, and every mail that was sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Json,
    KeyText,
    Tenant,
    Versioned,
    belongs_to_organization,
    index,
    reference,
    table_args,
)


class MessageCampaignRow(Base, Tenant, Dated, Versioned):
    """A message of the organizer to everybody who holds a ticket to an event."""

    __tablename__ = "message_campaigns"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        reference("created_by", "users"),
        index("message_campaigns", "event_id", "id"),
        index("message_campaigns", "created_by"),
        CheckConstraint("subject <> ''", name="subject"),
        CheckConstraint("body <> ''", name="body"),
    )

    event_id: Mapped[UUID]
    subject: Mapped[str]
    body: Mapped[str]
    created_by: Mapped[UUID]
    sent_at: Mapped[datetime | None]


class MailRow(Base, Tenant, Dated):
    """One mail to one address: meant to be sent, sent, or refused; what it is about is named, never what it says.

    `once_key` is what at most one mail is about. A claim is held by who sends; `lost` counts the claims of which nobody knows
    whether the mail left.
    """

    __tablename__ = "mail_log"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("campaign_id", "message_campaigns"),
        reference("customer_id", "customers"),
        index("mail_log", "subject_id", "id", where="subject_id IS NOT NULL"),
        index("mail_log", "campaign_id", where="campaign_id IS NOT NULL"),
        index("mail_log", "customer_id", where="customer_id IS NOT NULL"),
        index("mail_log", "once_key", where="once_key IS NOT NULL", unique=True, name="uq_mail_log_once_key"),
        index("mail_log", "status", "id"),
        CheckConstraint("template <> ''", name="template"),
        CheckConstraint("recipient <> ''", name="recipient"),
        CheckConstraint("language IN ('en', 'de')", name="language"),
        CheckConstraint("jsonb_typeof(details) = 'object'", name="details"),
        CheckConstraint("once_key <> ''", name="once_key"),
        CheckConstraint("status IN ('pending', 'sent', 'bounced', 'failed', 'dropped')", name="status"),
        CheckConstraint("(sent_at IS NOT NULL) = (status = 'sent')", name="sent_at"),
        CheckConstraint("lost BETWEEN 0 AND tries", name="lost"),
        CheckConstraint("claimed_until IS NULL OR status = 'pending'", name="claimed_until"),
        CheckConstraint("error_message IS NULL OR status <> 'sent'", name="error_message"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    campaign_id: Mapped[UUID | None]
    template: Mapped[str] = mapped_column(KeyText)
    recipient: Mapped[str]
    customer_id: Mapped[UUID | None]
    language: Mapped[str] = mapped_column(server_default="en")
    subject_id: Mapped[UUID | None]
    details: Mapped[Json] = mapped_column(server_default=text("'{}'"))
    once_key: Mapped[str | None] = mapped_column(KeyText)
    status: Mapped[str] = mapped_column(server_default="pending")
    message_id: Mapped[str | None]
    tries: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    lost: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    claimed_until: Mapped[datetime | None]
    sent_at: Mapped[datetime | None]
    error_message: Mapped[str | None]


class MailOptOutRow(Base):
    """An address that wants no reminders from this organizer, as a keyed hash: nobody can read it out of here."""

    __tablename__ = "mail_opt_outs"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        CheckConstraint("octet_length(address_hash) = 32", name="address_hash"),
        info={"app_rights": "SELECT, INSERT"},
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    created_at: Mapped[datetime] = mapped_column(server_default=text("foyer_now()"))
