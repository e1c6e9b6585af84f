"""The meter that counts, and what an operator reads of it. Loaded only where metrics are wanted."""

import asyncio
import shutil
from bisect import bisect_left
from pathlib import Path
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from foyer.infra.meter import METHODS, NO_ROUTE, OTHER, Meter

WRITTEN_EVERY_SECONDS: Final = 0.5
SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SIZES: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1000)


class PrometheusMeter(Meter):
    """Writes into the files of this process. What is asked for on every request is looked up once."""

    is_on = True

    def __init__(self) -> None:
        nowhere = CollectorRegistry()  # the parent reads the files; nobody asks this process
        self._requests = Counter(
            "foyer_requests", "Requests answered.", ["method", "route", "status"], registry=nowhere
        )
        self._request_seconds = Histogram(
            "foyer_request_seconds",
            "Time until a request was answered.",
            ["method", "route"],
            buckets=SECONDS,
            registry=nowhere,
        )
        self._batch = [
            Histogram(f"foyer_desk_{name}", text, ["desk"], buckets=buckets, registry=nowhere)
            for name, text, buckets in (
                ("batch_size", "Requests that a desk wrote at once.", SIZES),
                ("wait_seconds", "How long the first request of a batch had waited for it.", SECONDS),
                ("seconds", "Time a desk worked on a batch, until it was committed.", SECONDS),
            )
        ]
        self._remembered = Counter(
            "foyer_desk_remembered",
            "Requests refused as the same ones were a moment before.",
            ["desk"],
            registry=nowhere,
        )
        self._troubles = Counter(
            "foyer_desk_troubles", "What went wrong at a desk.", ["desk", "kind"], registry=nowhere
        )
        self._jobs = Counter("foyer_jobs", "Jobs that came to an end.", ["job", "outcome"], registry=nowhere)
        self._queue = {
            name: Gauge(f"foyer_jobs_{name}", text, ["job"], multiprocess_mode="mostrecent", registry=nowhere)
            for name, text in (
                ("waiting", "Jobs that wait for a worker or for their next try."),
                ("held", "Jobs that failed for good and wait for a person."),
                ("oldest_seconds", "How long the oldest job that is due has waited."),
            )
        }
        self._sweep_seconds = Histogram(
            "foyer_sweep_seconds", "Time a round of the sweeper took.", buckets=SECONDS, registry=nowhere
        )
        self._sweep_at = Gauge(
            "foyer_sweep_last_timestamp_seconds",
            "When the sweeper last finished a round.",
            multiprocess_mode="max",
            registry=nowhere,
        )
        self._mails = Counter("foyer_mails", "Mails handed over.", ["outcome"], registry=nowhere)
        self._scans = Counter(
            "foyer_check_ins", "Tickets that doors asked about.", ["result"], registry=nowhere
        )
        self._pool = Gauge(
            "foyer_database_connections_in_use",
            "Connections of the pools that somebody works with.",
            multiprocess_mode="livesum",
            registry=nowhere,
        )
        self._known: dict[tuple[str, str | None, int], _Tally] = {}
        self._is_due = False
        self._desks: dict[str, list[Histogram]] = {}

    def request(self, method: str, route: str | None, status: int, seconds: float) -> None:
        tally = self._known.get((method, route, status))
        if tally is None:
            tally = self._meet(method, route, status)
        tally.add(seconds)
        if not self._is_due:
            self._is_due = True
            try:
                asyncio.get_running_loop().call_later(WRITTEN_EVERY_SECONDS, self.write)
            except RuntimeError:  # outside of a loop nobody would come back
                self.write()

    def write(self) -> None:
        """Put what was counted in memory into the file."""
        self._is_due = False
        for tally in self._known.values():
            tally.write()

    def _meet(self, method: str, route: str | None, status: int) -> "_Tally":
        verb, place = method if method in METHODS else OTHER, route or NO_ROUTE
        key = verb, route, status  # what strangers make up must not fill the memory
        if key not in self._known:
            self._known[key] = _Tally(
                self._requests.labels(verb, place, str(status)), self._request_seconds.labels(verb, place)
            )
        return self._known[key]

    def batch(self, desk: str, size: int, waited_seconds: float, seconds: float) -> None:
        known = self._desks.get(desk)
        if known is None:
            known = self._desks[desk] = [histogram.labels(desk) for histogram in self._batch]
        for histogram, value in zip(known, (size, waited_seconds, seconds), strict=True):
            histogram.observe(value)

    def remembered(self, desk: str) -> None:
        self._remembered.labels(desk).inc()

    def trouble(self, desk: str, kind: str) -> None:
        self._troubles.labels(desk, kind).inc()

    def job(self, name: str, outcome: str) -> None:
        self._jobs.labels(name, outcome).inc()

    def queue(self, name: str, *, waiting: int, held: int, oldest_seconds: float) -> None:
        self._queue["waiting"].labels(name).set(waiting)
        self._queue["held"].labels(name).set(held)
        self._queue["oldest_seconds"].labels(name).set(oldest_seconds)

    def swept(self, seconds: float) -> None:
        self._sweep_seconds.observe(seconds)
        self._sweep_at.set_to_current_time()

    def mail(self, outcome: str) -> None:
        self._mails.labels(outcome).inc()

    def scan(self, result: str) -> None:
        self._scans.labels(result).inc()

    def pool(self, taken: int) -> None:
        self._pool.inc(taken)


class _Tally:
    """Requests of one kind since the file was written. Three writes for each of them would cost three microseconds."""

    __slots__ = ("_buckets", "_count", "_counter", "_histogram", "_seconds")

    def __init__(self, counter: Counter, histogram: Histogram) -> None:
        self._counter, self._histogram = counter, histogram
        self._clear()

    def add(self, seconds: float) -> None:
        self._count += 1
        self._seconds += seconds
        self._buckets[bisect_left(SECONDS, seconds)] += 1

    def write(self) -> None:
        if not self._count:
            return
        self._counter.inc(self._count)
        self._histogram._sum.inc(self._seconds)  # noqa: SLF001 - the library observes one value at a time only
        for bucket, count in zip(self._histogram._buckets, self._buckets, strict=True):  # noqa: SLF001
            if count:
                bucket.inc(count)
        self._clear()

    def _clear(self) -> None:
        self._count, self._seconds, self._buckets = 0, 0.0, [0] * (len(SECONDS) + 1)


def cleared(folder: Path) -> Path:
    """An empty directory for the figures of one run."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    return folder


def summed(folder: Path) -> bytes:
    """The figures of all processes, in Prometheus' text format."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_process(folder: Path, pid: int) -> None:
    """A process is gone: what it had in its hands is in nobody's hands; what it has counted stays counted."""
    mark_process_dead(pid, str(folder))  # type: ignore[no-untyped-call]
