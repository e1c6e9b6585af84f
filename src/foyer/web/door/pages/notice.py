"""A sentence instead of a page."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Notice:
    """Why there is no page to show; `reference` finds a fault of ours in the log."""

    title: str
    detail: str
    reference: str = ""
    again: str = ""
    """The address to try again, which the page does by itself after `pause_seconds`."""
    pause_seconds: int = 0
