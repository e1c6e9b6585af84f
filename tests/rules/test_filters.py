"""How values are written for people."""

from datetime import UTC, datetime

import pytest

from foyer.kernel import money
from foyer.web.shared.filters import deadline, deadline_today, taxed, zone_name
from foyer.web.shared.words import LANGUAGE


@pytest.mark.parametrize(
    ("name", "rate_bps", "written"),
    [
        ("VAT", 1900, "19% VAT"), ("Sales tax", 888, "8.88% Sales tax"), ("VAT", 50, "0.5% VAT"), ("None", 0, "0% None"),
        ("VAT 19 %", 1900, "VAT 19 %"), ("MwSt 7,5%", 750, "MwSt 7,5%"), ("Rule 190", 1900, "19% Rule 190"),
        ("VAT 2.25%", 225, "VAT 2.25%"), ("VAT 12.25%", 225, "2.25% VAT 12.25%"), ("All", 10_000, "100% All"),
    ],
)  # fmt: skip
def test_tax_says_its_rate_once(name, rate_bps, written):
    assert taxed(name, rate_bps) == written


@pytest.mark.parametrize(
    ("rate_bps", "written"),
    [
        (1900, "19\N{NO-BREAK SPACE}% MwSt."),
        (775, "7,75\N{NO-BREAK SPACE}% MwSt."),
        (0, "0\N{NO-BREAK SPACE}% MwSt."),
    ],
)
def test_rate_is_written_as_germans_write_it(rate_bps, written):
    assert money.taxed("MwSt.", rate_bps, "de") == written


@pytest.mark.parametrize(
    ("zone", "written"),
    [
        ("Europe/Berlin", "CET"), ("Asia/Tokyo", "JST"), ("America/Sao_Paulo", "GMT-3"), ("Asia/Kuwait", "GMT+3"),
        ("Asia/Kathmandu", "GMT+5:45"), ("America/St_Johns", "NST"), ("Pacific/Marquesas", "GMT-9:30"), ("UTC", "UTC"),
    ],
)  # fmt: skip
def test_zone_is_called_as_people_call_it(zone, written):
    assert zone_name(datetime(2026, 11, 22, 12, tzinfo=UTC), zone) == written


@pytest.fixture
def german():
    before = LANGUAGE.set("de")
    yield
    LANGUAGE.reset(before)


@pytest.mark.parametrize(
    ("zone", "written"),
    [("Europe/Berlin", "MEZ"), ("America/Sao_Paulo", "GMT-3"), ("America/New_York", "GMT-5"), ("UTC", "UTC")],
)
def test_zone_is_called_as_germans_call_it(german, zone, written):
    assert zone_name(datetime(2026, 11, 22, 12, tzinfo=UTC), zone) == written


def test_deadline_says_on_whose_clocks_it_is():
    at = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert deadline(at, "Europe/Berlin") == "Sun 22 Nov 2026, 19:30 CET"
    assert deadline_today(at, "Asia/Kathmandu") == "00:15 GMT+5:45"


def test_deadline_is_told_as_germans_tell_it(german):
    at = datetime(2026, 11, 22, 18, 30, tzinfo=UTC)
    assert deadline(at, "Europe/Berlin") == "So., 22. Nov. 2026, 19:30\u00a0Uhr MEZ"
    assert deadline_today(at, "Europe/Berlin") == "19:30\u00a0Uhr MEZ"
