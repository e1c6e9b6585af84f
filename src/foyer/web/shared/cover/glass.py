"""A cover behind glass: a sun, a moon and a horizon, bent by the ribs of a fluted pane."""

from collections.abc import Callable
from math import pi, sin

from foyer.kernel.color import Lab, hex_of
from foyer.web.shared.cover.ground import Canvas, Dice, Palette, blend, num

RIBS_MAX = 80
"""A very wide strip gets wider ribs instead of more of them."""


def reeded(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """Each rib shows the scene pressed together around its own middle, some the other way round."""
    w, h = canvas.width, canvas.height
    is_night = dice.chance(0.6)
    ribs = min(max(3, round(dice.whole(5, 16) * w / h)), RIBS_MAX)
    bend = dice.between(0.55, 0.9) if dice.chance(0.6) else dice.between(-0.55, -0.34)
    _sky(canvas, colors, is_night=is_night)
    scene = canvas.symbol(_scene(canvas, dice, colors, is_night=is_night))
    rib = w / ribs
    for index in range(ribs):
        left = index * rib
        middle = left + rib / 2
        inside = canvas.window(left, 0, rib + 0.3, h)
        canvas.add(
            f'<g clip-path="{inside}"><use href="{scene}" '
            f'transform="translate({num(middle * (1 - bend))} 0) scale({bend:.2f} 1)"/></g>'
        )
    shade, light = colors.night, colors.pale
    pane = canvas.gradient(
        [(0, shade, 0.34 if is_night else 0.2), (0.16, shade, 0.1), (0.55, light, 0), (0.94, light, 0.16), (1, light, 0.3)], x2=1, y2=0,
    )  # fmt: skip
    canvas.add(
        f'<g fill="{pane}">'
        + "".join(f'<rect x="{num(index * rib)}" width="{num(rib)}" height="{h}"/>' for index in range(ribs))
        + "</g>"
    )


def _sky(canvas: Canvas, colors: Palette, *, is_night: bool) -> None:
    if is_night:
        canvas.ground(canvas.gradient([(0, colors.night, 1), (0.6, colors.deep, 1), (1, colors.body, 1)]))
    else:
        canvas.ground(canvas.gradient([(0, blend(colors.pale, colors.mist, 0.2), 1), (1, colors.mist, 1)]))


def _scene(canvas: Canvas, dice: Dice, colors: Palette, *, is_night: bool) -> str:
    """Sun, moon and hills; wider than the picture, because a rib near the edge looks beyond it."""
    w, h = canvas.width, canvas.height
    long = min(max(w / h / 1.5, 0.8), 2.2)
    sun_r, moon_r = h * dice.between(0.4, 0.52), h * dice.between(0.13, 0.18)
    side = dice.pick((-1, 1))
    sun_x = w / 2 + side * w * dice.between(0.05, 0.24)
    moon_x = w / 2 - side * w * dice.between(0.24, 0.34) / long**0.3
    sun = canvas.gradient(
        [(0, colors.spark, 1), (0.6, colors.spark_2, 1), (1, _dim(colors, is_night=is_night), 1)]
    )
    moon = hex_of(colors.glow if is_night else colors.body)
    ridge = _ridge(dice)
    points = [(-w + 3 * w * at / 60, h * 0.8 - h * 0.05 * ridge(at / 20)) for at in range(61)]
    hills = canvas.gradient([(0, blend(colors.body, colors.deep, 0.35), 1), (1, colors.night, 1)])
    line = "".join(f"L{num(x)} {num(y)}" for x, y in points)
    return (
        f'<circle cx="{num(moon_x)}" cy="{num(h * dice.between(0.24, 0.34))}" r="{num(moon_r)}" fill="{moon}"/>'
        f'<circle cx="{num(sun_x)}" cy="{num(h * dice.between(0.42, 0.56))}" r="{num(sun_r)}" fill="{sun}"/>'
        f'<path d="M{-w} {h + 1}{line}L{2 * w} {h + 1}Z" fill="{hills}"/>'
    )


def _dim(colors: Palette, *, is_night: bool) -> Lab:
    return blend(colors.spark_2, colors.body, 0.45 if is_night else 0.15)


def _ridge(dice: Dice) -> Callable[[float], float]:
    first, second = dice.between(0, 2 * pi), dice.between(0, 2 * pi)
    long, short = dice.between(3, 6), dice.between(8, 13)
    return lambda at: 0.7 * sin(long * at + first) + 0.3 * sin(short * at + second)
