"""Wall clocks in any zone: an instant is shown as the time that was written, and of two the first is meant."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.kernel.time import NonexistentTimeError, Window, instant, zone_names

ZONES = st.sampled_from(sorted(zone_names()))
DAYS = st.dates(date(1980, 1, 2), date(2060, 1, 1))
CLOCKS = st.builds(time, st.integers(0, 23), st.integers(0, 59))
MOMENTS = st.none() | st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC))
bounded = settings(derandomize=True, max_examples=300, deadline=None)


def readings(wall: datetime, zone: ZoneInfo) -> list[datetime]:
    """Every instant at which a clock in the zone shows this, found without the code under test."""
    around = {
        at.astimezone(zone).utcoffset()
        for at in (wall.replace(tzinfo=UTC) + timedelta(hours=hours) for hours in range(-48, 49))
    }
    found = {(wall - offset).replace(tzinfo=UTC) for offset in around}
    return sorted(at for at in found if at.astimezone(zone).replace(tzinfo=None) == wall)


@bounded
@given(day=DAYS, clock=CLOCKS, name=ZONES)
def test_instant_is_the_first_at_which_clocks_show_the_time(day, clock, name):
    expected = readings(datetime.combine(day, clock), ZoneInfo(name))
    try:
        found = instant(day, clock, name)
    except NonexistentTimeError:
        assert expected == []
    else:
        assert found == expected[0]


@bounded
@given(at=st.datetimes(datetime(1980, 1, 2), datetime(2060, 1, 1), timezones=st.just(UTC)), name=ZONES)
def test_any_instant_written_as_a_wall_clock_comes_back(at, name):
    at = at.replace(second=0, microsecond=0)
    local = at.astimezone(ZoneInfo(name))
    found = instant(local.date(), local.time(), name)

    assert found.astimezone(ZoneInfo(name)).replace(tzinfo=None) == local.replace(tzinfo=None)
    assert found == at if local.fold == 0 else found < at


@bounded
@given(
    one=st.builds(Window, MOMENTS, MOMENTS),
    other=st.builds(Window, MOMENTS, MOMENTS),
    at=MOMENTS.filter(bool),
)
def test_narrowed_window_is_open_exactly_when_both_are(one, other, at):
    def is_open(window: Window) -> bool:
        return not window.opens_after(at) and not window.closed_by(at)

    assert is_open(one.narrowed(other)) == (is_open(one) and is_open(other))
    assert one.narrowed(other) == other.narrowed(one)
    assert one.narrowed(one) == one
