"""Writes of notifications: mails that are wanted, mails that are sent, reminders that are not wanted."""

from foyer.domains.notifications.actions.buyers import resend_order_mail, stop_reminders
from foyer.domains.notifications.actions.crowds import (
    REMINDED_MAX,
    TELL_GUESTS,
    remind_of_carts,
    tell_of_sale,
)
from foyer.domains.notifications.actions.send import SEND
from foyer.domains.notifications.actions.write import want_mail

__all__ = [
    "REMINDED_MAX",
    "SEND",
    "TELL_GUESTS",
    "remind_of_carts",
    "resend_order_mail",
    "stop_reminders",
    "tell_of_sale",
    "want_mail",
]
