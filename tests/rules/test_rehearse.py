"""What a rehearsal decides by itself: when buyers come, what each does, how it is counted, and what is said of it."""

import pytest
from msgspec.structs import replace

from foyer.cli.rehearse.arrivals import Second, read_trace, recorded, replayed, rush
from foyer.cli.rehearse.books import Books
from foyer.cli.rehearse.limits import Load, what_limits
from foyer.cli.rehearse.plan import Kind, Way, places_wanted, plan
from foyer.cli.rehearse.report import Queue, Sale, in_words, make_report
from foyer.cli.rehearse.tally import Acknowledged, Step, Tally, Times, merged
from foyer.kernel.dice import Dice
from foyer.settings import SettingsError

KINDS = [Kind("seat", 300, 1, 6), Kind("table", 100, 2, 4)]
IDLE = Load(
    cores=4, seconds=10.0, web=(0.2, 0.2), worker=0.1, postgres=0.3, buyers=(0.1,), machine=1.0, waits_for_disk=0.0, waits_for_locks=0.0
)  # fmt: skip
RIGHT = Books(orders=40, sold=98, in_carts=2, oversold=0, doubled=0, lost=0, differences=[])


def test_trace_is_read_with_and_without_headings_and_empty_lines():
    wanted = [Second(0, 134), Second(2, 20)]
    assert read_trace("seconds,reservations\n0,134\n\n2, 20\n", "a") == wanted
    assert read_trace("\ufeff0,134\r\n2,20", "a") == wanted


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("0,134\n1,many\n", "Line 2 of a.csv"),
        ("0,134\n1\n", "Line 2 of a.csv"),
        ("0;134\n", "Line 1 of a.csv"),
        ("0,1\n2,1\n2,1\n", "Line 3 of a.csv has second 2 after second 2"),
        ("0,-1\n", "Line 1 of a.csv"),
        ("3600,1\n", "Line 1 of a.csv is later"),
        ("0,1\nseconds,reservations\n", "Line 2 of a.csv"),
        ("0,200000\n1,1\n", "line 2 of a.csv, a.csv has more than 200000"),
        ("seconds,reservations\n", "a.csv has no reservations"),
        ("0,0\n", "a.csv has no reservations"),
    ],
)
def test_trace_that_cannot_be_used_is_refused_with_its_line(text, words):
    with pytest.raises(SettingsError) as refused:
        read_trace(text, "a.csv")
    assert words in str(refused.value)


def test_shape_that_comes_along_peaks_at_134_and_sells_for_13_seconds():
    trace = recorded()
    arrivals = replayed(trace, Dice("one"))
    assert max(one.reservations for one in trace) == 134
    assert [sum(int(at) == one.second for at in arrivals) for one in trace] == [
        one.reservations for one in trace
    ]
    buyers = plan(arrivals, KINDS, seed=1, lead_seconds=5, think_seconds=2)
    assert (
        places_wanted(buyers, before=12) < places_wanted(buyers, before=13) < places_wanted(buyers, before=99)
    )


def test_rush_begins_with_most_of_its_buyers_and_ends():
    arrivals = rush(10_000, Dice("one"))
    assert arrivals == sorted(arrivals)
    assert arrivals[0] >= 0
    assert arrivals[-1] <= 25
    by_second = [sum(int(at) == second for at in arrivals) for second in range(25)]
    assert by_second[0] > 1_500 > 2 * by_second[5] > 0


def test_plan_is_the_same_for_the_same_seed_and_another_for_another():
    def made(seed):
        return plan(rush(300, Dice("one")), KINDS, seed=seed, lead_seconds=5, think_seconds=2)

    assert made(7) == made(7)
    assert made(7) != made(8)
    assert len({buyer.key for buyer in made(7)}) == len({buyer.email for buyer in made(7)}) == 300


def test_buyers_keep_to_the_terms_of_their_type_and_have_the_habits_of_people():
    buyers = plan(rush(3_000, Dice("one")), KINDS, seed=1, lead_seconds=5, think_seconds=2)
    for buyer in buyers:
        kind = KINDS[buyer.kind]
        assert all(
            kind.least <= count <= kind.most
            for count in (buyer.quantity, buyer.changes_to)
            if count is not None
        )
        assert all(-5 <= at <= 0 for at in buyer.views)
        assert buyer.email.endswith(".example")
    assert {buyer.quantity for buyer in buyers} == {1, 2, 3, 4, 5, 6}
    assert {buyer.way for buyer in buyers} == set(Way)
    assert 300 < sum(buyer.clicks_twice for buyer in buyers) < 600
    # A type with three times the places is wanted about three times as often.
    assert 2.5 < sum(buyer.kind == 0 for buyer in buyers) / sum(buyer.kind == 1 for buyer in buyers) < 3.6


def test_percentiles_are_known_within_five_in_a_hundred():
    times = Times()
    assert times.percentile(0.5) == 0
    for milliseconds in range(1, 1001):
        times.add(milliseconds / 1000)
    assert times.percentile(0.5) == pytest.approx(0.5, rel=0.05)
    assert times.percentile(0.99) == pytest.approx(0.99, rel=0.05)


def test_tallies_of_several_processes_add_up():
    one, other = Tally(acknowledged=Acknowledged(["a"], {"x": 2})), Tally(turned_away=3)
    for tally in (one, other):
        tally.took(Step.RESERVE, 0.1)
        tally.refused("sold_out")
        tally.reservations[4] = 5
    whole = merged([one, other])
    assert whole.of(Step.RESERVE).total == 2
    assert whole.refusals == {"sold_out": 2}
    assert whole.reservations == {4: 10}
    assert whole.turned_away == 3
    assert whole.acknowledged == Acknowledged(["a"], {"x": 2})


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Nothing was near its limit"),
        ({"buyers": (0.95,)}, "own buyers were the limit"),
        (
            {"machine": 3.9, "web": (0.9, 0.9), "postgres": 1.4, "buyers": (0.6,)},
            "The processor was the limit: all 4 cores",
        ),
        ({"machine": 3.9}, "Other programs were the limit"),
        ({"web": (0.95, 0.9), "machine": 2.5}, "Raise FOYER_WEB_WORKERS"),
        ({"waits_for_disk": 0.8}, "The disk was the limit"),
        ({"waits_for_locks": 0.8}, "Turns at the same places"),
    ],
)
def test_what_limits_next_is_said_in_words(changes, words):
    assert words in what_limits(replace(IDLE, **changes))[0]


def test_what_runs_elsewhere_is_said_not_to_be_measured():
    assert "shop runs on another machine" in what_limits(replace(IDLE, web=()))[-1]
    assert "database runs on another machine" in what_limits(replace(IDLE, postgres=0.0))[-1]


def report(books=RIGHT, **changes):
    tally = Tally(orders={0: 30, 2: 10}, reservations={0: 42}, **changes)
    tally.took(Step.PLACES, 0.05)
    sale = Sale("hall/evening", "rush", 1, 60, 42, 100, 3.2, 5.0)
    return make_report(sale, tally, books, Queue(waiting_at_end=600, done_per_second=5), IDLE)


def test_report_of_a_good_sale_is_good_news():
    said = "\n".join(in_words(report()))
    assert report().is_right
    for words in ("This goes well", "98 of 100 sold in 40 orders", "sold out 3.2 s after", "13 a second, 30 in the busiest",
                  "oversold 0, doubled 0, acknowledged but missing 0", "2 minutes after the sale"):  # fmt: skip
        assert words in said


@pytest.mark.parametrize("wrong", ["oversold", "doubled", "lost"])
def test_report_of_a_wrong_sale_says_not_to_open_it(wrong):
    bad = report(replace(RIGHT, **{wrong: 1}))
    assert not bad.is_right
    assert "Do not open this sale" in "\n".join(in_words(bad))


def test_double_click_with_two_carts_and_books_that_differ_are_wrong_too():
    assert not report(two_carts=1).is_right
    assert not report(replace(RIGHT, differences=["held places: pool 1 has 2, expected 1"])).is_right


def test_sale_that_left_people_outside_is_no_good_news():
    assert "never got through" in "\n".join(in_words(report(gave_up=1)))
