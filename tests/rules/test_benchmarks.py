"""What the benchmarks say of their runs. The runs themselves are nobody's test."""

import pytest

from benchmarks.books import Books
from benchmarks.load import raw
from benchmarks.report import table
from benchmarks.sellout import SellOut
from benchmarks.shape import Run, Shape
from benchmarks.verdict import Check, checks, whole

BASE = Shape()


def ran(what: str, shape: Shape = BASE, *, turn: int = 1, **figures: float) -> Run:
    return Run(what=what, shape=shape, turn=turn, **({"per_second": 1_000.0, "mean_ms": 1.0} | figures))


def said(found: list[Check], words: str) -> Check:
    [one] = [check for check in found if words in check.what]
    return one


def test_the_yardstick_is_the_client_number_that_did_best_in_the_round() -> None:
    yards = [
        ran("pgbench reserve", Shape(buyers=clients), turn=turn, per_second=speed)
        for turn, speeds in ((1, (100, 200, 50)), (2, (100, 300, 400)))
        for clients, speed in zip((1, 16, 64), speeds, strict=True)
    ]
    mine = [ran("reserve", turn=1, per_second=700), ran("reserve", turn=2, per_second=800)]
    check = said(checks([*mine, *yards]), "times the yardstick")
    assert check.figure == pytest.approx((700 / 200 + 800 / 400) / 2)
    assert not check.is_kept
    assert not check.is_hard


def test_a_ratio_is_taken_within_a_round_and_never_across() -> None:
    runs = [
        ran("page", turn=1, per_second=70),
        ran("empty page", turn=1, per_second=100),
        ran("empty page", turn=2, per_second=1_000),
    ]
    check = said(checks(runs), "of the empty handler")
    assert (check.figure, check.is_kept) == (pytest.approx(0.7), True)


@pytest.mark.parametrize(
    ("runs", "words", "figure", "is_kept"),
    [
        ([ran("place", Shape(events=100), per_second=690), ran("place", per_second=1_000)], "of one event", 0.69, False),
        ([ran("page", Shape(buyers=256), p99_ms=100.0)], "p99", 100.0, True),
        ([ran("reserve", app_us=170.0), ran("empty reserve", app_us=100.0)], "application's CPU", 1.7, False),
        ([ran("reserve", Shape(tickets=1_000_000), database_us=125.0), ran("reserve", database_us=100.0)],
         "1 M tickets", 1.25, True),
        ([ran("check-in", Shape(tickets=5_000_000), database_us=260.0), ran("check-in", database_us=100.0)],
         "5 M tickets", 2.6, False),
        ([ran("place", Shape(buyers=1), mean_ms=4.2), ran("pgbench place", Shape(buyers=1), mean_ms=1.0)], "beyond", 3.2, False),
        ([ran("page", resident_mb=150.1)], "MB resident", 150.1, False),
        ([ran("page", refused=2), ran("empty page", refused=7)], "not 2xx", 9, False),
    ],
)  # fmt: skip
def test_each_limit(runs: list[Run], words: str, figure: float, is_kept: bool) -> None:
    check = said(checks(runs), words)
    assert (check.figure, check.is_kept) == (pytest.approx(figure), is_kept)


def test_where_nobody_was_served_nothing_is_kept() -> None:
    crowd = Shape(buyers=256)
    nobody = ran("place", crowd, per_second=0.0, p99_ms=0.0)
    found = checks([nobody, ran("empty place", crowd), ran("pgbench place", crowd)])
    judged = [
        check for check in found if check.what.startswith("place, 256 buyers: ") and "CPU" not in check.what
    ]
    assert [check.is_kept for check in judged] == [False] * 3


def test_what_was_not_measured_is_not_judged() -> None:
    assert checks([]) == []
    assert not [check for check in checks([ran("reserve")]) if "reserve" in check.what]


def test_lost_answers_and_lost_places_have_no_excuse() -> None:
    sale = SellOut(places=500, held=500, most_held=501, astray=0, smallest_refused=1, odd=0)
    found = [*checks([ran("place", lost=1), ran("place", turn=2, broken=1)]), *whole(Books(1, 1), sale)]
    assert [check.is_kept for check in found if check.is_hard] == [False] * 5
    right = whole(Books(0, 0), sale._replace(most_held=500))
    assert all(check.is_kept for check in right)


def test_a_request_goes_over_the_wire_whole() -> None:
    sent = raw("POST", "/a", token="t", content=b"{}")
    assert sent.split(b"\r\n\r\n") == [
        b"POST /a HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\nContent-Type: application/json\r\nContent-Length: 2",
        b"{}",
    ]


def test_the_table_has_a_line_for_each_shape_and_medians_in_it() -> None:
    runs = [ran("reserve", turn=turn, per_second=speed) for turn, speed in enumerate((100, 300, 900))]
    head, base, large = table([*runs, ran("reserve", Shape(tickets=5_000_000, workers=1))]).splitlines()
    assert "per second" in head
    assert base.split()[:4] == ["reserve,", "64", "buyers", "300"]
    assert large.startswith("reserve, 64 buyers, 5 M tickets, 1 worker ")
