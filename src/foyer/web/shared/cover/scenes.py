"""Covers that show a place: a sky, a row of doorways, a stage before it begins."""

from collections.abc import Callable
from math import pi, sin

from foyer.kernel.color import Lab, hex_of
from foyer.web.shared.cover.ground import Canvas, Dice, Palette, blend, num, ramp, share

STARS = 46
VEILS = 3
BARS = 124


def curtain(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """Northern lights over two lines of hills."""
    w, h = canvas.width, canvas.height
    horizon = blend(colors.body, colors.second, 0.22)
    canvas.ground(canvas.gradient([(0, colors.night, 1), (0.45, colors.deep, 1), (1, horizon, 1)]))
    stars = "".join(f"M{num(dice.between(0, w))} {num(dice.between(0, h * 0.55))}h.01" for _ in range(STARS))
    canvas.add(
        f'<path d="{stars}" stroke="{hex_of(colors.pale)}" stroke-opacity=".75" stroke-linecap="round" '
        f'stroke-width="{num(max(1.0, h / 300))}"/>'
    )
    tops = (colors.glow, colors.mist, blend(colors.glow, colors.second, 0.5))
    for veil in range(VEILS):
        _veil(
            canvas, dice, top=tops[veil], foot=colors.second_light, light=colors.pale, base=0.40 + 0.13 * veil
        )
    for depth, tone in ((0.20, blend(colors.deep, colors.body, 0.35)), (0.12, colors.night)):
        canvas.add(f'<path d="{_hills(dice, w, h, depth)}" fill="{hex_of(tone)}"/>')


def _waves(dice: Dice) -> Callable[[float], float]:
    """A sum of three sines between about -1 and 1: one long wave, one middle, one short."""
    parts = [
        (size, dice.between(low, high) * 2 * pi, dice.between(0, 2 * pi))
        for size, low, high in ((0.6, 0.6, 1.4), (0.28, 1.6, 3), (0.12, 4, 7))
    ]
    return lambda at: sum(size * sin(speed * at + phase) for size, speed, phase in parts)


def _veil(canvas: Canvas, dice: Dice, *, top: Lab, foot: Lab, light: Lab, base: float) -> None:
    w, h = canvas.width, canvas.height
    fill = canvas.gradient([
        (0, top, 0), (0.3, top, 0.28), (0.62, blend(top, light, 0.35), 0.5), (0.84, blend(foot, light, 0.4), 0.85),
        (0.93, foot, 0.5), (1, foot, 0),
    ])  # fmt: skip
    line, height, strength = _waves(dice), _waves(dice), _waves(dice)
    lean = dice.between(-5, 5)
    step = w * 1.16 / BARS
    bars = []
    for index in range(BARS):
        at = index / BARS
        foot_y = h * (base + 0.13 * line(at))
        tall = h * (0.50 + 0.24 * height(at) + dice.between(-0.06, 0.06))
        opacity = 0.26 + 0.62 * strength(at) + dice.between(-0.16, 0.16)
        if opacity < 0.06:
            continue
        x = -0.08 * w + step * index
        bars.append(
            f'<rect x="{num(x)}" y="{num(foot_y - tall)}" width="{num(step * dice.between(1.0, 1.9))}" '
            f'height="{num(tall)}" opacity="{share(opacity)}"/>'
        )
    canvas.add(
        f'<g fill="{fill}" transform="translate({num(w / 2)} {num(h / 2)}) skewX({num(lean)}) '
        f'translate({num(-w / 2)} {num(-h / 2)})" style="mix-blend-mode:screen">{"".join(bars)}</g>'
    )


def _hills(dice: Dice, w: int, h: int, depth: float) -> str:
    shape = _waves(dice)
    points = [(w * at / 40, h * (1 - depth) - h * 0.045 * shape(at / 40)) for at in range(41)]
    return f"M0 {h}" + "".join(f"L{num(x)} {num(y)}" for x, y in points) + f"L{w} {h}Z"


def arches(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """Doorways within doorways, light at the end, somebody about to go in."""
    w, h = canvas.width, canvas.height
    is_night = dice.chance(0.6)
    count = dice.whole(5, 8)
    axis, drift = w * dice.between(0.3, 0.7), w * dice.between(-0.025, 0.025)
    stops = (
        (colors.night, colors.deep, colors.body, colors.second, colors.spark)
        if is_night
        else (colors.paper, colors.pale, colors.mist, colors.body, colors.spark_2)
    )
    floor = h * 0.9
    canvas.ground(hex_of(stops[0]))
    for index in range(1, count + 1):
        at = index / count
        half = h * (0.56 * (1 - at) ** 1.1 + 0.062)
        x = axis + drift * (count - index)
        top = floor - h * (0.26 + 0.82 * (1 - at)) * dice.between(0.97, 1.03)
        tone = ramp(stops, at)
        fill = canvas.gradient([(0, tone, 1), (1, blend(tone, stops[0], 0.12 if index < count else 0), 1)])
        canvas.add(
            f'<path d="M{num(x - half)} {num(floor)}V{num(top + half)}A{num(half)} {num(half)} 0 0 1 '
            f'{num(x + half)} {num(top + half)}V{num(floor)}Z" fill="{fill}"/>'
        )
    last = h * 0.062
    ground = colors.night if is_night else blend(colors.paper, colors.night, 0.16)
    canvas.add(f'<rect y="{num(floor)}" width="{w}" height="{num(h - floor + 1)}" fill="{hex_of(ground)}"/>')
    light = canvas.gradient([(0, stops[-1], 0.9), (1, stops[-1], 0.1)])
    spread = last * 2.3
    canvas.add(
        f'<path d="M{num(axis - last)} {num(floor)}H{num(axis + last)}L{num(axis + spread)} {h}H{num(axis - spread)}Z" fill="{light}"/>'
    )
    tall = h * 0.078
    canvas.disc(axis, floor - tall, tall * 0.16, hex_of(colors.night))
    canvas.add(
        f'<rect x="{num(axis - tall * 0.17)}" y="{num(floor - tall * 0.8)}" width="{num(tall * 0.34)}" '
        f'height="{num(tall * 0.8)}" rx="{num(tall * 0.16)}" fill="{hex_of(colors.night)}"/>'
    )


def pleats(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """A stage curtain that begins to open."""
    w, h = canvas.width, canvas.height
    gap = w * dice.between(0.3, 0.7)
    canvas.ground(canvas.gradient([(0, colors.night, 1), (0.35, colors.night, 1), (1, colors.spark_2, 1)]))
    glow = canvas.radial(
        [(0, colors.spark, 1), (0.55, colors.spark_2, 0.9), (1, colors.spark_2, 0)],
        cx=gap,
        cy=h * 0.92,
        r=h * 0.7,
    )
    canvas.ground(glow)
    for side in (-1, 1):
        reach = gap if side < 0 else w - gap
        edge, folds = h * 0.03, []
        while edge < reach + w * 0.06:
            wide = max(w, h) * dice.between(0.032, 0.06)
            folds.append((edge, wide))
            edge += wide * 0.86
        for start, wide in reversed(folds):
            _pleat(canvas, colors, gap=gap, side=side, start=start, wide=wide)


def _pleat(canvas: Canvas, colors: Palette, *, gap: float, side: int, start: float, wide: float) -> None:
    w, h = canvas.width, canvas.height
    near = max(0.0, 1 - start / (max(w, h) * 0.34))
    warm = near**1.6 * 0.75
    body, shade = blend(colors.body, colors.second, warm), blend(colors.night, colors.second_deep, warm * 0.5)
    light = blend(blend(colors.body, colors.glow, 0.35), colors.second_light, warm)
    fill = canvas.gradient([(0, shade, 1), (0.28, light, 1), (0.5, body, 1), (1, shade, 1)], x2=1, y2=0)
    pull = h * 0.2 * near**1.2 + h * 0.02

    def edge(offset: float) -> tuple[float, float]:
        return gap + side * offset, gap + side * (offset + pull)

    top_1, foot_1 = edge(start)
    top_2, foot_2 = edge(start + wide * 1.06)
    canvas.add(
        f'<path d="M{num(top_1)} -1C{num(top_1)} {num(h * 0.55)} {num(top_1)} {num(h * 0.75)} {num(foot_1)} {h + 1}'
        f'H{num(foot_2)}C{num(top_2)} {num(h * 0.75)} {num(top_2)} {num(h * 0.55)} {num(top_2)} -1Z" fill="{fill}"/>'
    )
