"""Tables: what organizers write to their guests, and every mail that was sent."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
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
    """One mail to one address: meant to be sent, sent, or refused; what it is about is named, never what it says."""

    __tablename__ = "mail_log"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("campaign_id", "message_campaigns"),
        index("mail_log", "subject_id", "id", where="subject_id IS NOT NULL"),
        index("mail_log", "campaign_id", where="campaign_id IS NOT NULL"),
        index("mail_log", "status", "id"),
        CheckConstraint("template <> ''", name="template"),
        CheckConstraint("recipient <> ''", name="recipient"),
        CheckConstraint("status IN ('pending', 'sent', 'failed')", name="status"),
        CheckConstraint("(sent_at IS NOT NULL) = (status = 'sent')", name="sent_at"),
        CheckConstraint("error_message IS NULL OR status = 'failed'", name="error_message"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    campaign_id: Mapped[UUID | None]
    template: Mapped[str] = mapped_column(KeyText)
    recipient: Mapped[str]
    subject_id: Mapped[UUID | None]
    status: Mapped[str] = mapped_column(server_default="pending")
    sent_at: Mapped[datetime | None]
    error_message: Mapped[str | None]
