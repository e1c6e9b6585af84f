"""What is measured: an operation in a shape, and the figures of one run of it."""

import msgspec

BASE_TICKETS = 10_000


class Shape(msgspec.Struct, frozen=True):
    """How many ask at once, for how many events, beside how many sold tickets, before how many web processes."""

    buyers: int = 64
    events: int = 1
    tickets: int = BASE_TICKETS
    workers: int = 2

    def __str__(self) -> str:
        words = [f"{self.buyers} {'buyer' if self.buyers == 1 else 'buyers'}"]
        if self.events != 1:
            words.append(f"{self.events} events")
        if self.tickets != BASE_TICKETS:
            words.append(f"{self.tickets / 1e6:g} M tickets")
        if self.workers != 2:
            words.append(f"{self.workers} worker")
        return ", ".join(words)


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """A few seconds of one operation. Of pgbench only speed and mean are known."""

    what: str
    shape: Shape
    turn: int
    per_second: float
    mean_ms: float
    p50_ms: float = 0.0
    p99_ms: float = 0.0
    app_us: float = 0.0
    """Processor time of the web processes for one request, in microseconds; so the others."""
    database_us: float = 0.0
    client_us: float = 0.0
    resident_mb: float = 0.0
    """Of the larger web process, at the end."""
    batch: float = 0.0
    """Mean number of requests that were written together."""
    largest: int = 0
    refused: int = 0
    """Answers that were not 2xx or 304."""
    broken: int = 0
    """Connections that gave no answer."""
    lost: int = 0
    """Answers that said done, of which the database knows nothing."""
