"""Mails as they are read: templates, words in each language, and what is drawn with them."""

from foyer.domains.notifications.documents.page import Choice, MailPage, Row, TicketLine, WalletLink
from foyer.domains.notifications.documents.render import Rendered, render

__all__ = ["Choice", "MailPage", "Rendered", "Row", "TicketLine", "WalletLink", "render"]
