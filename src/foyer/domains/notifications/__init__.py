"""Notifications: what buyers and staff are written."""

from foyer.domains.notifications.actions import resend_order_mail, stop_reminders
from foyer.domains.notifications.jobs import CRON, JOBS
from foyer.domains.notifications.queries import mails_about
from foyer.domains.notifications.reactions import REACTIONS
from foyer.domains.notifications.rules import mail_of_standing

__all__ = [
    "CRON",
    "JOBS",
    "REACTIONS",
    "mail_of_standing",
    "mails_about",
    "resend_order_mail",
    "stop_reminders",
]
