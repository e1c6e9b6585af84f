"""A cover is the same picture every time, small, and safe to put into a page."""

from uuid import UUID
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foyer.kernel.color import HEX
from foyer.web.shared.cover import FAMILIES, SHAPES, cover
from foyer.web.shared.cover.ground import Canvas, Dice, palette

BYTES_MAX = 40_000
NAMESPACE = "{http://www.w3.org/2000/svg}"
KNOWN = {
    "svg",
    "defs",
    "linearGradient",
    "radialGradient",
    "stop",
    "g",
    "rect",
    "circle",
    "path",
    "clipPath",
    "use",
}
COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
EVENT = UUID("01890a5d-ac96-774b-bcce-b302099a8057")


def drawn(family, event_id: UUID, primary: str, secondary: str, shape: str) -> str:
    dice = Dice(event_id)
    canvas = Canvas(*SHAPES[shape])
    family(canvas, dice, palette(dice, primary, secondary))
    return canvas.svg()


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.__name__)
@settings(max_examples=8, deadline=None)
@given(event_id=st.uuids(), primary=COLORS, secondary=COLORS)
def test_cover_is_a_small_picture_without_anything_that_runs(family, shape, event_id, primary, secondary):
    svg = drawn(family, event_id, primary, secondary, shape)
    root = ET.fromstring(svg)
    fills = {part.get("fill", "none") for part in root.iter()}
    defined = {f"url(#{part.get('id')})" for part in root.iter() if part.get("id")}

    assert len(svg.encode()) <= BYTES_MAX
    assert root.get("viewBox") == f"0 0 {SHAPES[shape][0]} {SHAPES[shape][1]}"
    assert {part.tag.removeprefix(NAMESPACE) for part in root.iter()} <= KNOWN
    assert all(fill == "none" or fill in defined or HEX.fullmatch(fill) for fill in fills)
    assert "nan" not in svg
    assert "inf" not in svg


@given(event_id=st.uuids())
def test_same_event_gets_the_same_cover(event_id):
    first = cover.__wrapped__(event_id, "#58188f", "#f6a31c", 600, 400)
    second = cover.__wrapped__(event_id, "#58188F", "#F6A31C", 600, 400)

    assert first == second


def test_picture_of_today_is_the_picture_of_tomorrow():
    """Seeds, draws and their order are a promise: a change of one would redraw every event there is."""
    dice = Dice(EVENT)

    assert [dice.draw() for _ in range(3)] == [
        3703020233559842721,
        17778785845772681694,
        12358205966690400861,
    ]
    assert [dice.whole(1, 6) for _ in range(6)] == [4, 4, 3, 2, 5, 3]


def test_events_get_all_kinds_of_covers():
    kinds = set()
    for number in range(200):
        dice = Dice(UUID(int=number))
        palette(dice, "#58188f", "#f6a31c")
        kinds.add(dice.draw() % len(FAMILIES))

    assert kinds == set(range(len(FAMILIES)))


def test_dice_fall_evenly():
    dice = Dice(EVENT)
    throws = [dice.whole(1, 6) for _ in range(6_000)]

    assert all(850 < throws.count(face) < 1_150 for face in range(1, 7))
    assert all(0 <= dice.between(0, 1) < 1 for _ in range(1_000))


def test_text_that_is_no_color_is_refused():
    with pytest.raises(ValueError, match="not a colour"):
        cover(EVENT, "red", "#f6a31c", 600, 400)
