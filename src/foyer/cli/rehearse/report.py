"""What a rehearsal has shown: as numbers for programs, in plain words for people."""

import msgspec

from foyer.cli.rehearse.books import Books
from foyer.cli.rehearse.limits import Load, what_limits
from foyer.cli.rehearse.tally import Step, Tally
from foyer.kernel.wire import Wire

SLOW_SECONDS = 2.0
"""Beyond this, who has pressed the button presses it again."""


class Timing(Wire, frozen=True):
    """How long one step took, in milliseconds."""

    answers: int
    p50_ms: float
    p99_ms: float


class Queue(Wire, frozen=True):
    """What the sale left to the background worker: mails, tickets as PDF, invoices."""

    waiting_at_end: int
    done_per_second: float


class Sale(Wire, frozen=True):
    """What was rehearsed, and how long it took. Seconds count from the opening; `sold_out_seconds` is null where places were left."""

    event: str
    shape: str
    seed: int
    buyers: int
    asked_per_second_peak: int
    places: int
    sold_out_seconds: float | None
    seconds: float


class Report(Sale, frozen=True):
    """Everything that was measured."""

    books: Books
    orders_per_second_peak: int
    orders_per_second_mean: float
    reservations_per_second_peak: int
    reservations_by_second: dict[int, int]
    orders_by_second: dict[int, int]
    steps: dict[str, Timing]
    refusals: dict[str, int]
    turned_away: int
    unanswered: int
    gave_up: int
    two_carts: int
    queue: Queue
    load: Load
    limits: list[str]

    @property
    def is_right(self) -> bool:
        """Whether nothing was oversold, doubled or lost."""
        return self.books.is_right and not self.two_carts


def make_report(sale: Sale, tally: Tally, books: Books, queue: Queue, load: Load) -> Report:
    orders = sum(tally.orders.values())
    busy = max(tally.orders, default=0) + 1
    return Report(
        **{name: getattr(sale, name) for name in sale.__struct_fields__},
        books=books,
        orders_per_second_peak=max(tally.orders.values(), default=0),
        orders_per_second_mean=round(orders / busy, 1),
        reservations_per_second_peak=max(tally.reservations.values(), default=0),
        reservations_by_second=dict(sorted(tally.reservations.items())),
        orders_by_second=dict(sorted(tally.orders.items())),
        steps={step.value: timing for step in Step if (timing := _timing(tally, step)).answers},
        refusals=dict(sorted(tally.refusals.items())),
        turned_away=tally.turned_away,
        unanswered=tally.unanswered,
        gave_up=tally.gave_up,
        two_carts=tally.two_carts,
        queue=queue,
        load=load,
        limits=what_limits(load),
    )


def _timing(tally: Tally, step: Step) -> Timing:
    times = tally.of(step)
    return Timing(times.total, *(round(times.percentile(share) * 1000, 1) for share in (0.5, 0.99)))


def as_json(report: Report) -> bytes:
    return msgspec.json.format(msgspec.json.encode(report), indent=2) + b"\n"


def in_words(report: Report) -> list[str]:
    """The lines that somebody reads the evening before."""
    books = report.books
    lines = ["", *_verdict(report), ""]
    lines.append(
        f"  places      {books.sold} of {report.places} sold in {books.orders} orders, {_left(report)}"
    )
    lines.append(
        f"  orders      {report.orders_per_second_mean:.0f} a second, {report.orders_per_second_peak} in the busiest"
    )
    lines.append(
        f"  reserved    {report.reservations_per_second_peak} carts in the busiest second, when at most"
        f" {report.asked_per_second_peak} buyers pressed"
    )
    for name, timing in report.steps.items():
        lines.append(
            f"  {name:<17} half within {_time(timing.p50_ms):>7}, 99 of 100 within {_time(timing.p99_ms):>7}"
            f"   ({timing.answers} answers)"
        )
    refused = ", ".join(f"{count} {code}" for code, count in report.refusals.items()) or "none"
    lines.append(f"  refused     {refused}")
    lines.append(
        f"  told to come back {report.turned_away} times; {report.gave_up} buyers gave up, {report.unanswered} got no answer"
    )
    lines.append(
        f"  oversold {books.oversold}, doubled {books.doubled + report.two_carts}, acknowledged but missing {books.lost}"
    )
    lines += [f"  the books differ: {one}" for one in books.differences]
    lines += ["", "What limits next", *(f"  {one}" for one in [*report.limits, *_mails(report.queue)])]
    return lines


def _verdict(report: Report) -> list[str]:
    if not report.is_right:
        return [
            "Do not open this sale: something was sold twice, or promised and not kept. See below, and `foyer audit`."
        ]
    waits = report.steps.get(Step.PLACES.value)
    if report.unanswered or report.gave_up:
        return [
            (
                "Nothing was sold twice and nothing was lost. But some buyers never got through: a crowd of this size is more than"
                " this machine serves."
            )
        ]
    if waits is not None and waits.p99_ms > SLOW_SECONDS * 1000:
        return [
            (
                "Nothing was sold twice and nothing was lost, and everybody was served. One in a hundred buyers waited more than"
                f" {waits.p99_ms / 1000:.0f} s for places."
            )
        ]
    return ["This goes well: nothing was sold twice, nothing was lost, and everybody was served at once."]


def _left(report: Report) -> str:
    if report.sold_out_seconds is not None:
        gone = f"sold out {report.sold_out_seconds:.1f} s after the opening"
    else:
        gone = "not sold out"
    if report.books.in_carts:
        return f"{gone}; {report.books.in_carts} in carts that were left, which lapse after 15 minutes"
    return gone


def _mails(queue: Queue) -> list[str]:
    if not queue.waiting_at_end:
        return []
    if queue.done_per_second < 1:
        return [
            f"{queue.waiting_at_end} background jobs (mails, papers) were left when the sale was over; is a worker running?"
        ]
    minutes = queue.waiting_at_end / queue.done_per_second / 60
    ready = f"{minutes:.0f} minutes" if minutes >= 1.5 else f"{minutes * 60:.0f} seconds"
    return [
        (
            f"The last confirmation leaves about {ready} after the sale: {queue.waiting_at_end} background jobs were left,"
            f" {queue.done_per_second:.0f} are done a second."
        )
    ]


def _time(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 1000 else f"{milliseconds:.0f} ms"
