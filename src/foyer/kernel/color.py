"""From two brand colours to every colour of a page, in light and dark, readable whatever the brand is."""

import re
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import lru_cache
from math import atan2, cbrt, cos, degrees, hypot, radians, sin
from typing import NamedTuple

HEX = re.compile(r"#[0-9a-f]{6}")
TEXT_RATIO = 4.5
EDGE_RATIO = 3.0
"""WCAG 2.2: text, and the edge by which a control is found."""

INK_CHROMA = 0.05
"""Below this a brand colour is an ink: it cannot mark a link or a focused field, so the second colour does."""
GREY_CHROMA = 0.02
CHROMA_LEAST = 0.0005
STEP = 0.01


class Lab(NamedTuple):
    """OKLab (Ottosson 2020): equal distances look equally far apart, so mixtures keep their hue."""

    l: float  # noqa: E741 - the axis is called L
    a: float
    b: float

    @property
    def chroma(self) -> float:
        return hypot(self.a, self.b)

    @property
    def hue(self) -> float:
        return degrees(atan2(self.b, self.a)) % 360


def lch(lightness: float, chroma: float, hue: float) -> Lab:
    return Lab(lightness, chroma * cos(radians(hue)), chroma * sin(radians(hue)))


def lab_of(color: str) -> Lab:
    """OKLab of `#rrggbb`."""
    r, g, b = (_to_linear(part) for part in _parts(color))
    l = cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b)  # noqa: E741 - the cone's own name
    m = cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b)
    s = cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b)
    return Lab(
        0.2104542553 * l + 0.7936177850 * m - 0.0040720468 * s,
        1.9779984951 * l - 2.4285922050 * m + 0.4505937099 * s,
        0.0259040371 * l + 0.7827717662 * m - 0.8086757660 * s,
    )


def hex_of(lab: Lab) -> str:
    """`#rrggbb` of a colour; outside of sRGB the chroma is reduced, lightness and hue stay."""
    found = Lab(min(max(lab.l, 0.0), 1.0), lab.a, lab.b)
    while found.chroma > CHROMA_LEAST and not _in_srgb(_linear(found)):
        found = Lab(found.l, found.a * 0.95, found.b * 0.95)
    return _written(found)


def mix(share: float, color: str, ground: str) -> str:
    """`share` of a colour in a ground, mixed in OKLab."""
    top, under = lab_of(color), lab_of(ground)
    return _written(Lab(*(share * one + (1 - share) * other for one, other in zip(top, under, strict=True))))


def contrast(one: str, other: str) -> float:
    """WCAG contrast ratio, 1 to 21."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


def _written(lab: Lab) -> str:
    parts = (_from_linear(min(max(part, 0.0), 1.0)) for part in _linear(lab))
    return "#" + "".join(f"{round(255 * part):02x}" for part in parts)


def _parts(color: str) -> tuple[float, float, float]:
    if not HEX.fullmatch(color):
        raise ValueError(f"not a colour of the form #rrggbb: {color!r}")
    return int(color[1:3], 16) / 255, int(color[3:5], 16) / 255, int(color[5:7], 16) / 255


def _to_linear(part: float) -> float:
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)


def _from_linear(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else float(1.055 * part ** (1 / 2.4) - 0.055)


def _linear(lab: Lab) -> tuple[float, float, float]:
    l = (lab.l + 0.3963377774 * lab.a + 0.2158037573 * lab.b) ** 3  # noqa: E741 - the cone's own name
    m = (lab.l - 0.1055613458 * lab.a - 0.0638541728 * lab.b) ** 3
    s = (lab.l - 0.0894841775 * lab.a - 1.2914855480 * lab.b) ** 3
    return (
        4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
        -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
        -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s,
    )


def _in_srgb(parts: tuple[float, float, float]) -> bool:
    return all(-0.0001 <= part <= 1.0001 for part in parts)


def _luminance(color: str) -> float:
    r, g, b = (_to_linear(part) for part in _parts(color))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@dataclass(frozen=True, slots=True)
class Tones:
    """Every colour of one mode, as `#rrggbb`; a field's name with dashes is the custom property's name."""

    bg: str
    surface: str
    sunken: str
    line: str
    line_2: str
    control: str
    ink_3: str
    ink_2: str
    ink: str
    good: str
    good_soft: str
    good_line: str
    warn: str
    warn_soft: str
    warn_line: str
    bad: str
    bad_soft: str
    bad_line: str
    on_bad: str
    info: str
    info_soft: str
    info_line: str
    accent: str
    on_accent: str
    accent_hover: str
    accent_edge: str
    soft: str
    soft_line: str
    accent_text: str
    second_text: str

    def css(self) -> str:
        return "".join(
            f"--{field.name.replace('_', '-')}:{getattr(self, field.name)};" for field in fields(self)
        )


@dataclass(frozen=True, slots=True)
class Theme:
    """One brand's colours in both modes."""

    light: Tones
    dark: Tones

    def css(self, where: str = ":root") -> str:
        """A style sheet of custom properties only; the visitor’s own setting chooses the mode, and paper is light."""
        return (
            f"{where}{{color-scheme:light dark;{self.light.css()}}}\n"
            f"@media screen and (prefers-color-scheme:dark){{{where}{{{self.dark.css()}}}}}\n"
        )


@lru_cache(maxsize=1024)
def theme(primary: str, secondary: str) -> Theme:
    """All colours of a brand.

    Raises:
        ValueError: one of the two is not `#rrggbb`.

    """
    first, second = primary.lower(), secondary.lower()
    return Theme(_tones(first, second, dark=False), _tones(first, second, dark=True))


NEUTRALS = {
    "bg": ((0.985, 0.003), (0.155, 0.010)),
    "surface": ((1.0, 0.0), (0.195, 0.012)),
    "sunken": ((0.965, 0.005), (0.235, 0.013)),
    "line": ((0.915, 0.006), (0.285, 0.014)),
    "line_2": ((0.850, 0.008), (0.350, 0.015)),
    "control": ((0.660, 0.012), (0.520, 0.016)),
    "ink_3": ((0.530, 0.014), (0.670, 0.013)),
    "ink_2": ((0.420, 0.014), (0.790, 0.011)),
    "ink": ((0.205, 0.014), (0.960, 0.004)),
}
"""Lightness and chroma in light and in dark; the hue is the brand's."""

MEANINGS = {
    "good": ((0.50, 0.126, 152.0), (0.78, 0.15, 155.0), 0.035),
    "warn": ((0.52, 0.109, 68.0), (0.82, 0.14, 78.0), 0.045),
    "bad": ((0.53, 0.19, 25.0), (0.73, 0.16, 25.0), 0.022),
    "info": ((0.52, 0.13, 245.0), (0.77, 0.11, 240.0), 0.022),
}
"""Text in light, text in dark, and the chroma of the light soft ground."""


def _tones(primary: str, secondary: str, *, dark: bool) -> Tones:
    brand = lab_of(primary)
    tint = 0.6 if brand.chroma <= GREY_CHROMA else 1.0
    grounds = {
        name: hex_of(lch(modes[dark][0], modes[dark][1] * tint, brand.hue))
        for name, modes in NEUTRALS.items()
    }
    return Tones(
        **grounds,
        **_meanings(grounds["surface"], dark=dark),
        **_accents(primary, secondary, grounds, dark=dark),
    )


def _meanings(surface: str, *, dark: bool) -> dict[str, str]:
    found = {"on_bad": "#1a0605" if dark else "#ffffff"}
    for name, (*modes, chroma) in MEANINGS.items():
        text = hex_of(lch(*modes[dark]))
        found[name] = text
        found[f"{name}_soft"] = (
            mix(0.17, text, surface) if dark else hex_of(lch(0.965, chroma, modes[dark][2]))
        )
        found[f"{name}_line"] = mix(0.38 if dark else 0.28, text, surface)
    return found


def _accents(primary: str, secondary: str, grounds: dict[str, str], *, dark: bool) -> dict[str, str]:
    surface, brand = grounds["surface"], lab_of(primary)
    is_ink = brand.chroma < INK_CHROMA
    night = hex_of(lch(0.16, 0.02, brand.hue))
    fill = _fill(primary, surface, night, dark=dark)
    if is_ink and dark:
        fill = hex_of(lch(0.94, 0.008, brand.hue))
    text = "#ffffff" if contrast("#ffffff", fill) >= TEXT_RATIO else night
    marker = secondary if is_ink else fill
    soft = _soft(marker, surface, grounds["ink_3"], dark=dark)

    def reads(color: str) -> bool:
        return all(contrast(color, ground) >= TEXT_RATIO for ground in (grounds["sunken"], soft, surface))

    return {
        "accent": fill,
        "on_accent": text,
        "accent_hover": hex_of(lch(0.86, 0.01, brand.hue))
        if is_ink and dark
        else _hover(fill, text, dark=dark),
        "accent_edge": _stepped(fill, lambda color: contrast(color, surface) >= EDGE_RATIO, dark=dark),
        "soft": soft,
        "soft_line": mix(0.45 if dark else 0.24, marker, surface),
        "accent_text": _stepped(marker, reads, dark=dark),
        "second_text": _stepped(secondary, reads, dark=dark),
    }


def _fill(primary: str, surface: str, night: str, *, dark: bool) -> str:
    def carries_text(color: str) -> bool:
        readable = max(contrast("#ffffff", color), contrast(night, color)) >= TEXT_RATIO
        return readable and (not dark or contrast(color, surface) >= EDGE_RATIO)

    return _stepped(primary, carries_text, dark=dark)


def _stepped(color: str, enough: Callable[[str], bool], *, dark: bool) -> str:
    """The colour made darker in light mode, lighter in dark mode, step by step until it is enough."""
    start, found = lab_of(color), color
    for count in range(1, 101):
        if enough(found):
            return found
        found = hex_of(Lab(start.l + (STEP if dark else -STEP) * count, start.a, start.b))
    return found


def _hover(fill: str, text: str, *, dark: bool) -> str:
    ways = ["#ffffff", "#000000"] if dark or lab_of(fill).l < 0.3 else ["#000000", "#ffffff"]
    found = [mix(0.12, way, fill) for way in ways]
    return next((one for one in found if contrast(one, text) >= TEXT_RATIO), fill)


def _soft(color: str, surface: str, help_text: str, *, dark: bool) -> str:
    share = 0.22 if dark else 0.075
    while share > 0:
        found = mix(share, color, surface)
        if contrast(found, help_text) >= TEXT_RATIO:
            return found
        share -= 0.01
    return surface
