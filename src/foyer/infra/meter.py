"""What can be counted. Labels say what kind of thing it was, never whose."""

from typing import Final

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER: Final = "other"
NO_ROUTE: Final = "(none)"
"""A path that leads nowhere: what strangers try out must not become labels."""


class Meter:
    """Counts nothing: what stands in every process until `start` finds that somebody wants to know."""

    is_on: bool = False

    def request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        """One request was answered; `route` is its template. Status 0 is a client that left."""

    def batch(self, desk: str, size: int, waited_seconds: float, seconds: float) -> None:
        """A desk is through with a batch after so long; its first request had waited so long."""

    def remembered(self, desk: str) -> None:
        """A desk has refused something without the database, as it had a moment before."""

    def trouble(self, desk: str, kind: str) -> None:
        """At a desk a batch was `split`, or written again after a lost connection, or a request `shed` or `late`."""

    def job(self, name: str, outcome: str) -> None:
        """A job is `done`, or `failed` and tried again, or `held`."""

    def queue(self, name: str, *, waiting: int, held: int, oldest_seconds: float) -> None:
        """What stands in the queue at this moment."""

    def swept(self, seconds: float) -> None:
        """A round of the sweeper took so long, and ends now."""

    def mail(self, outcome: str) -> None:
        """A mail was `sent`, or `refused` for good, or `failed` for now."""

    def scan(self, result: str) -> None:
        """A door asked about a ticket."""

    def pool(self, taken: int) -> None:
        """So many more connections of the pool are in use than before; fewer, where it is negative."""
