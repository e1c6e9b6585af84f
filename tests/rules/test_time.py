"""Wall clocks and windows: gaps, double hours, half-open spans."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from foyer.kernel.time import NonexistentTimeError, Window, instant, spoken, zone_names

AT = datetime(2027, 6, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "clock", "expected"),
    [
        ("Europe/Berlin", date(2027, 1, 15), time(19, 30), utc(2027, 1, 15, 18, 30)),
        ("Europe/Berlin", date(2027, 7, 15), time(19, 30), utc(2027, 7, 15, 17, 30)),
        ("America/New_York", date(2027, 1, 15), time(19, 30), utc(2027, 1, 16, 0, 30)),
        ("America/New_York", date(2027, 7, 15), time(19, 30), utc(2027, 7, 15, 23, 30)),
        ("Asia/Kathmandu", date(2027, 1, 15), time(0, 0), utc(2027, 1, 14, 18, 15)),
        ("UTC", date(2027, 1, 15), time(0, 0), utc(2027, 1, 15)),
        # the edges of the spring gap exist
        ("Europe/Berlin", date(2027, 3, 28), time(1, 59), utc(2027, 3, 28, 0, 59)),
        ("Europe/Berlin", date(2027, 3, 28), time(3, 0), utc(2027, 3, 28, 1, 0)),
        ("America/New_York", date(2027, 3, 14), time(1, 59), utc(2027, 3, 14, 6, 59)),
        ("America/New_York", date(2027, 3, 14), time(3, 0), utc(2027, 3, 14, 7, 0)),
        # of an hour that comes twice, the first
        ("Europe/Berlin", date(2027, 10, 31), time(2, 0), utc(2027, 10, 31, 0, 0)),
        ("Europe/Berlin", date(2027, 10, 31), time(2, 30), utc(2027, 10, 31, 0, 30)),
        ("Europe/Berlin", date(2027, 10, 31), time(3, 0), utc(2027, 10, 31, 2, 0)),
        ("America/New_York", date(2027, 11, 7), time(1, 30), utc(2027, 11, 7, 5, 30)),
        ("America/New_York", date(2027, 11, 7), time(2, 0), utc(2027, 11, 7, 7, 0)),
    ],
)
def test_instant_of_a_wall_clock(zone, day, clock, expected):
    found = instant(day, clock, zone)

    assert (found, found.tzinfo) == (expected, UTC)


@pytest.mark.parametrize(
    ("zone", "day", "clock"),
    [
        ("Europe/Berlin", date(2027, 3, 28), time(2, 0)),
        ("Europe/Berlin", date(2027, 3, 28), time(2, 30)),
        ("Europe/Berlin", date(2027, 3, 28), time(2, 59)),
        ("America/New_York", date(2027, 3, 14), time(2, 0)),
        ("America/New_York", date(2027, 3, 14), time(2, 59)),
        ("Australia/Lord_Howe", date(2027, 10, 3), time(2, 15)),
        ("Pacific/Apia", date(2011, 12, 30), time(12, 0)),
    ],
)
def test_skipped_time_is_refused_with_its_zone(zone, day, clock):
    with pytest.raises(NonexistentTimeError, match=zone):
        instant(day, clock, zone)


@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "America/Argentina/Ushuaia", "UTC"])
def test_zones_people_live_in_are_known(name):
    assert name in zone_names()


@pytest.mark.parametrize(
    "name", ["", "CET", "EST5EDT", "localtime", "posixrules", "Europe/Nowhere", "europe/berlin", "../etc"]
)
def test_other_names_are_no_zones(name):
    assert name not in zone_names()


def test_window_is_half_open():
    window = Window(AT, AT + HOUR)

    assert window.opens_after(AT - timedelta(microseconds=1))
    assert not window.opens_after(AT)
    assert not window.closed_by(AT + HOUR - timedelta(microseconds=1))
    assert window.closed_by(AT + HOUR)


def test_open_window_is_always_open():
    assert not Window(None, None).opens_after(AT)
    assert not Window(None, None).closed_by(AT)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        (Window(None, None), Window(None, None), Window(None, None)),
        (Window(AT, None), Window(None, AT + HOUR), Window(AT, AT + HOUR)),
        (Window(AT, AT + 3 * HOUR), Window(AT + HOUR, AT + 2 * HOUR), Window(AT + HOUR, AT + 2 * HOUR)),
        (Window(AT, AT + HOUR), Window(AT + 2 * HOUR, None), Window(AT + 2 * HOUR, AT + HOUR)),
    ],
)
def test_narrower_window_counts(one, other, both):
    assert one.narrowed(other) == both
    assert other.narrowed(one) == both


def test_moment_is_spoken_on_its_own_clocks_in_each_language():
    at = datetime(2027, 6, 11, 17, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Berlin"))

    assert spoken(at)("en") == "Fri 11 Jun 2027, 19:30 CEST"
    assert spoken(at)("de") == "Fr., 11. Juni 2027, 19:30\u00a0Uhr MESZ"
