"""What every cover is made with: dice that fall the same way each time, a palette, and a canvas."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import TypeVar
from uuid import UUID

from foyer.kernel.color import GREY_CHROMA, INK_CHROMA, Lab, hex_of, lab_of, lch

WORD = 2**64 - 1
KIN_DEGREES = 40
"""Two brand colours nearer than this look like one; a spark of the opposite hue is added."""

HUE_OF_GREY = 265
"""A grey has no hue; its covers are blue as the evening is."""

Choice = TypeVar("Choice")


class Dice:
    """xorshift64 (Marsaglia 2003): an event always gets the cover it got first."""

    def __init__(self, event_id: UUID) -> None:
        self._state = int.from_bytes(sha256(event_id.bytes).digest()[:8], "big") or 1

    def draw(self) -> int:
        state = self._state
        state ^= (state << 13) & WORD
        state ^= state >> 7
        state ^= (state << 17) & WORD
        self._state = state
        return state

    def between(self, low: float, high: float) -> float:
        return low + (high - low) * (self.draw() >> 11) / 2**53

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + (self.draw() >> 11) % (high - low + 1)

    def pick(self, choices: Sequence[Choice]) -> Choice:
        return choices[(self.draw() >> 11) % len(choices)]

    def chance(self, share: float) -> bool:
        return self.between(0, 1) < share


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one event, all related to the brand's two."""

    night: Lab
    deep: Lab
    body: Lab
    glow: Lab
    mist: Lab
    pale: Lab
    paper: Lab
    second: Lab
    second_light: Lab
    second_deep: Lab
    spark: Lab
    spark_2: Lab


def palette(dice: Dice, primary: str, secondary: str) -> Palette:
    first, second = lab_of(primary), lab_of(secondary)
    is_ink = first.chroma < INK_CHROMA
    source = second if is_ink else first
    hue = (source.hue if source.chroma > GREY_CHROMA else HUE_OF_GREY) + dice.between(-14, 14)
    chroma = 0.07 if is_ink else min(max(first.chroma, 0.07), 0.19)
    glow_hue = hue + dice.pick((-1, 1)) * dice.between(8, 22)
    apart = abs((first.hue - second.hue + 180) % 360 - 180)
    light = lch(min(second.l + 0.12, 0.9), second.chroma * 0.75, second.hue)
    is_one_hue = is_ink or apart < KIN_DEGREES
    return Palette(
        night=lch(0.17, chroma * 0.6, hue), deep=lch(0.27, chroma * 0.8, hue), body=lch(0.43, chroma, hue),
        glow=lch(0.60, max(chroma, 0.11), glow_hue), mist=lch(0.80, 0.075, hue), pale=lch(0.91, 0.03, hue),
        paper=lch(0.955, 0.018, second.hue), second=second, second_light=light,
        second_deep=lch(max(second.l - 0.16, 0.1), second.chroma, second.hue),
        spark=lch(0.83, 0.125, second.hue + 170) if is_one_hue else light,
        spark_2=lch(0.70, 0.15, second.hue + 170) if is_one_hue else second,
    )  # fmt: skip


def blend(one: Lab, other: Lab, share: float) -> Lab:
    return Lab(*(a + (b - a) * share for a, b in zip(one, other, strict=True)))


def ramp(stops: Sequence[Lab], at: float) -> Lab:
    """The colour at 0…1 along stops that are evenly apart."""
    place = min(max(at, 0.0), 1.0) * (len(stops) - 1)
    index = min(int(place), len(stops) - 2)
    return blend(stops[index], stops[index + 1], place - index)


def num(value: float) -> str:
    """A number as short as a picture needs it."""
    return f"{value:.1f}".removesuffix(".0")


def share(value: float) -> str:
    """An opacity or an offset, two places."""
    return f"{min(max(value, 0.0), 1.0):.2f}".rstrip("0").rstrip(".").removeprefix("0") or "0"


@dataclass(slots=True)
class Canvas:
    """An SVG being drawn; ids of gradients are counted, because a picture stands alone in its file."""

    width: int
    height: int
    parts: list[str] = field(default_factory=list)
    defs: list[str] = field(default_factory=list)

    def add(self, part: str) -> None:
        self.parts.append(part)

    def gradient(
        self,
        stops: Sequence[tuple[float, Lab, float]],
        *,
        x1: float = 0,
        y1: float = 0,
        x2: float = 0,
        y2: float = 1,
    ) -> str:
        """A linear gradient over the box of what it fills: offset, colour, opacity. Returns the fill."""
        return self._define(f'linearGradient x1="{x1:.3g}" y1="{y1:.3g}" x2="{x2:.3g}" y2="{y2:.3g}"', stops)

    def radial(self, stops: Sequence[tuple[float, Lab, float]], *, cx: float, cy: float, r: float) -> str:
        """A round gradient in the picture's own units."""
        where = f'cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}"'
        return self._define(f'radialGradient gradientUnits="userSpaceOnUse" {where}', stops)

    def _define(self, kind: str, stops: Sequence[tuple[float, Lab, float]]) -> str:
        name, tag = f"g{len(self.defs)}", kind.split(" ", 1)[0]
        inner = "".join(
            f'<stop offset="{share(offset)}" stop-color="{hex_of(color)}"'
            + (f' stop-opacity="{share(opacity)}"' if opacity < 1 else "") + "/>"
            for offset, color, opacity in stops
        )  # fmt: skip
        self.defs.append(f'<{kind} id="{name}">{inner}</{tag}>')
        return f"url(#{name})"

    def symbol(self, drawing: str) -> str:
        """Something that is shown more than once; returns its address in the picture."""
        name = f"g{len(self.defs)}"
        self.defs.append(f'<g id="{name}">{drawing}</g>')
        return f"#{name}"

    def window(self, x: float, y: float, width: float, height: float) -> str:
        """A box outside of which nothing shows; returns the clip."""
        name = f"g{len(self.defs)}"
        box = f'<rect x="{num(x)}" y="{num(y)}" width="{num(width)}" height="{num(height)}"/>'
        self.defs.append(f'<clipPath id="{name}">{box}</clipPath>')
        return f"url(#{name})"

    def ground(self, fill: str) -> None:
        self.add(f'<rect width="{self.width}" height="{self.height}" fill="{fill}"/>')

    def disc(self, x: float, y: float, r: float, fill: str) -> None:
        self.add(f'<circle cx="{num(x)}" cy="{num(y)}" r="{num(r)}" fill="{fill}"/>')

    def svg(self) -> str:
        defs = f"<defs>{''.join(self.defs)}</defs>" if self.defs else ""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" '
            f'width="{self.width}" height="{self.height}" preserveAspectRatio="xMidYMid slice">'
            f"{defs}{''.join(self.parts)}</svg>"
        )
