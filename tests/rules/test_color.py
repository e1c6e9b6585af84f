"""Every brand is readable: the published examples, and whatever two colours an organizer may choose."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foyer.kernel.color import Tones, contrast, hex_of, lab_of, mix, theme

COLORS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GREYS = st.integers(0, 255).map(lambda part: f"#{part:02x}{part:02x}{part:02x}")
BRANDS = st.one_of(COLORS, GREYS)

EXAMPLES = [
    ("#58188f", "#f6a31c", ("#58188f", "#ffffff", "#58188f", "#f1eef7"), ("#8048bd", "#ffffff", "#aa74ec", "#2b2039")),
    ("#24307c", "#e5482b", ("#24307c", "#ffffff", "#24307c", "#eceff6"), ("#4c5faf", "#ffffff", "#7389de", "#1e2437")),
    ("#131826", "#2f62f2", ("#131826", "#ffffff", "#2f62f2", "#eef4ff"), ("#e9ebf1", "#0a0d16", "#5888fd", "#1a2644")),
    ("#ffd400", "#58188f", ("#ffd400", "#100d04", "#846d09", "#fffcf2"), ("#ffd400", "#100d04", "#ffd400", "#342d17")),
]  # fmt: skip


def far(one: str, other: str) -> int:
    """The largest difference in one of the three parts."""
    return max(abs(int(one[at : at + 2], 16) - int(other[at : at + 2], 16)) for at in (1, 3, 5))


@pytest.mark.parametrize(("primary", "secondary", "light", "dark"), EXAMPLES)
def test_brand_gets_the_published_accents(primary, secondary, light, dark):
    both = theme(primary, secondary)

    for tones, wanted in ((both.light, light), (both.dark, dark)):
        found = (tones.accent, tones.on_accent, tones.accent_text, tones.soft)
        assert max(map(far, found, wanted)) <= 1, (found, wanted)


def test_yellow_fill_gets_an_edge_that_can_be_seen():
    light = theme("#ffd400", "#58188f").light

    assert far(light.accent_edge, "#ad900d") <= 1
    assert contrast(light.accent, light.surface) < 3 <= contrast(light.accent_edge, light.surface)


@given(primary=BRANDS, secondary=BRANDS)
def test_text_and_edges_are_readable_whatever_the_brand(primary, secondary):
    both = theme(primary, secondary)

    for tones in (both.light, both.dark):
        assert weak_pairs(tones) == []


def weak_pairs(tones: Tones) -> list[tuple[str, str, float]]:
    grounds = ("bg", "surface", "sunken", "soft")
    wanted = [
        *((text, ground, 4.5) for text in ("ink", "ink_2", "ink_3", "accent_text", "second_text") for ground in grounds),
        ("on_accent", "accent", 4.5), ("on_accent", "accent_hover", 4.5), ("on_bad", "bad", 4.5),
        *((name, ground, 4.5) for name in ("good", "warn", "bad", "info") for ground in ("surface", f"{name}_soft")),
        ("accent_edge", "surface", 3.0), ("control", "surface", 3.0), ("accent_text", "surface", 3.0),
    ]  # fmt: skip
    ratios = (
        (one, other, contrast(getattr(tones, one), getattr(tones, other)), least)
        for one, other, least in wanted
    )
    return [(one, other, round(ratio, 2)) for one, other, ratio, least in ratios if ratio < least]


@given(color=COLORS)
def test_color_survives_the_way_to_oklab_and_back(color):
    assert far(hex_of(lab_of(color)), color) <= 1


@given(color=COLORS, ground=COLORS)
def test_mixture_ends_at_its_parts(color, ground):
    assert far(mix(1.0, color, ground), color) <= 1
    assert far(mix(0.0, color, ground), ground) <= 1


def test_contrast_is_that_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.478, abs=0.001)


def test_style_sheet_holds_both_modes_and_nothing_but_properties():
    css = theme("#58188F", "#F6A31C").css()

    assert css.count("--accent-text:") == 2
    assert "--accent:#58188f;" in css
    assert re.sub(r"--[a-z0-9-]+:#[0-9a-f]{6};", "", css).split() == [
        ":root{color-scheme:light", "dark;}", "@media", "screen", "and", "(prefers-color-scheme:dark){:root{}}",
    ]  # fmt: skip


@pytest.mark.parametrize("color", ["58188f", "#fff", "red", "#58188g", "#58188f;}"])
def test_text_that_is_no_color_is_refused(color):
    with pytest.raises(ValueError, match="not a colour"):
        theme(color, "#f6a31c")
