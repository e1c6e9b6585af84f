"""Tables: what an organizer asks of those who buy."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from foyer.infra.db.base import (
    Base,
    Dated,
    Tenant,
    Versioned,
    belongs_to_organization,
    index,
    reference,
    reference_in_event,
    table_args,
)


class QuestionRow(Base, Tenant, Dated, Versioned):
    """A question of an event, asked once for the order or once for each ticket."""

    __tablename__ = "questions"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference("event_id", "events"),
        UniqueConstraint("organization_id", "event_id", "id"),
        index("questions", "event_id", "sort_order"),
        CheckConstraint("label <> ''", name="label"),
        CheckConstraint("scope IN ('order', 'ticket')", name="scope"),
        CheckConstraint("type IN ('text', 'number', 'date', 'boolean', 'choice', 'choices')", name="type"),
        CheckConstraint("(type IN ('choice', 'choices')) = (cardinality(options) > 0)", name="options"),
        info={"app_rights": "SELECT, INSERT, UPDATE"},
    )

    event_id: Mapped[UUID]
    label: Mapped[str]
    scope: Mapped[str]
    type: Mapped[str]
    options: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    is_required: Mapped[bool] = mapped_column(server_default=text("false"))
    sort_order: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    deleted_at: Mapped[datetime | None]
    """From then on it is not asked; what was answered to it stays."""


class QuestionTicketTypeRow(Base):
    """A ticket type whose buyers are asked; a question without any is for all."""

    __tablename__ = "question_ticket_types"
    __table_args__: Any = table_args(
        belongs_to_organization(),
        reference_in_event("question_id", "questions"),
        reference_in_event("ticket_type_id", "ticket_types"),
        index("question_ticket_types", "event_id", "question_id"),
        index("question_ticket_types", "ticket_type_id"),
    )

    organization_id: Mapped[UUID] = mapped_column(primary_key=True)
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    ticket_type_id: Mapped[UUID] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]
