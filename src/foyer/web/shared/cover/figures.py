"""Covers that show no place: discs, contours, a record, a quilt."""

from math import cos, radians, sin, tau

from foyer.kernel.color import Lab, hex_of
from foyer.web.shared.cover.ground import Canvas, Dice, Palette, blend, num, ramp, share

POINTS = 72


def eclipse(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """Discs that walk across each other, and one small sun."""
    w, h = canvas.width, canvas.height
    is_night = dice.chance(0.6)
    if is_night:
        canvas.ground(canvas.gradient([(0, colors.night, 1), (1, colors.deep, 1)], x2=1))
        tones = [colors.body, colors.glow, colors.second, colors.second_light, colors.mist]
    else:
        canvas.ground(canvas.gradient([(0, colors.paper, 1), (1, colors.pale, 1)], x2=1))
        tones = [colors.body, colors.second, colors.glow, colors.second_light, colors.body]
    count = dice.whole(4, 5)
    radius = h * dice.between(0.40, 0.47) * min(max(w / h / 1.5, 1), 1.5)
    x, y = w / 2 - radius * count * dice.between(0.28, 0.38), h * dice.between(0.44, 0.56)
    turned = dice.pick((-1, 1))
    for index in range(count):
        angle = radians(35 * turned * (-1) ** index + (180 if index % 2 else 0))
        dx, dy = cos(angle) / 2, sin(angle) / 2
        solid = 0.92 if index else 0.85
        fill = canvas.gradient(
            [(0, tones[index], solid), (1, tones[index], 0.06 if is_night else 0.1)],
            x1=0.5 - dx, y1=0.5 - dy, x2=0.5 + dx, y2=0.5 + dy,
        )  # fmt: skip
        canvas.disc(x, y, radius, fill)
        x += radius * dice.between(0.62, 1.02)
        y = h * dice.between(0.34, 0.62)
        radius *= dice.between(0.80, 0.90)
    sun = w * dice.between(0.62, 0.84), h * dice.between(0.17, 0.3)
    canvas.disc(*sun, h * dice.between(0.045, 0.07), hex_of(colors.spark_2))


def rings(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """Contour lines around a bright summit."""
    w, h = canvas.width, canvas.height
    count = dice.whole(8, 14)
    cx, cy = w * dice.between(0.18, 0.86), h * dice.between(0.24, 0.82)
    far = max((max(cx, w - cx) ** 2 + max(cy, h - cy) ** 2) ** 0.5, h) * dice.between(0.92, 1.04)
    stops = (colors.night, colors.deep, colors.body, colors.glow, colors.second, colors.spark)
    if dice.chance(0.3):
        stops = (colors.second_light, colors.second, colors.glow, colors.body, colors.deep, colors.night)
    harmonics = [
        (dice.between(0.05, 0.15) / wave**0.6, wave, dice.between(0, tau), dice.between(-1.3, 1.3))
        for wave in (2, 3, 4, 5)
    ]
    canvas.ground(hex_of(stops[0]))
    for index in range(count):
        depth = index / (count - 1)
        radius = far * (1 - depth) ** 1.15 + h * 0.035
        points = []
        for step in range(POINTS):
            angle = tau * step / POINTS
            bump = sum(
                size * sin(wave * angle + phase + turn * depth) for size, wave, phase, turn in harmonics
            )
            points.append(
                (cx + radius * (1 + bump) * cos(angle), cy + radius * (1 + bump) * sin(angle) * 0.86)
            )
        canvas.add(f'<path d="{_closed(points)}" fill="{hex_of(ramp(stops, (index + 1) / count))}"/>')


def _closed(points: list[tuple[float, float]]) -> str:
    """A closed curve through the middles of its sides, bent towards each point."""
    middles = [((x + points[at - 1][0]) / 2, (y + points[at - 1][1]) / 2) for at, (x, y) in enumerate(points)]
    start = middles[0]
    curve = "".join(
        f"Q{num(x)} {num(y)} {num(middles[(at + 1) % len(points)][0])} {num(middles[(at + 1) % len(points)][1])}"
        for at, (x, y) in enumerate(points)
    )
    return f"M{num(start[0])} {num(start[1])}{curve}Z"


def grooves(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """One large record with light on it."""
    w, h = canvas.width, canvas.height
    ground = dice.pick((colors.second, colors.night, colors.paper))
    disc = colors.second if ground is colors.night else colors.night
    cx, cy, radius = (
        w * dice.pick((0.3, 0.68, 0.74)),
        h * dice.between(0.5, 0.62),
        h * dice.between(0.74, 0.84),
    )
    canvas.ground(hex_of(ground))
    canvas.disc(cx, cy, radius, hex_of(disc))
    canvas.disc(
        cx,
        cy,
        radius * 0.985,
        canvas.radial([(0, blend(disc, colors.body, 0.5), 1), (1, disc, 1)], cx=cx, cy=cy, r=radius),
    )
    lines = (
        colors.mist,
        colors.glow,
        colors.pale,
        colors.second_light if disc is colors.night else colors.night,
    )
    for index in range(dice.whole(20, 26)):
        r = radius * (0.36 + 0.024 * index)
        if r > radius * 0.97:
            break
        dashes = " ".join(num(r * dice.between(0.1, 1.5)) for _ in range(4))
        canvas.add(
            f'<circle cx="{num(cx)}" cy="{num(cy)}" r="{num(r)}" fill="none" stroke="{hex_of(dice.pick(lines))}" '
            f'stroke-width="{num(h * dice.pick((0.002, 0.003, 0.004, 0.008)))}" stroke-opacity="{share(dice.between(0.25, 0.8))}" '
            f'stroke-dasharray="{dashes}" stroke-dashoffset="{num(dice.between(0, 400))}" stroke-linecap="round"/>'
        )
    turn = dice.between(-40, 40)
    for angle in (turn - 90, turn + 90):
        a, b = radians(angle - 14), radians(angle + 10)
        canvas.add(
            f'<path d="M{num(cx)} {num(cy)}L{num(cx + radius * cos(a))} {num(cy + radius * sin(a))}A{num(radius)} {num(radius)} '
            f'0 0 1 {num(cx + radius * cos(b))} {num(cy + radius * sin(b))}Z" fill="{hex_of(colors.pale)}" fill-opacity=".16"/>'
        )
    label, tilt = radius * 0.31, dice.between(-25, 25)
    halves = (colors.deep, colors.spark) if disc is colors.night else (colors.paper, colors.second_light)
    canvas.disc(cx, cy, label, hex_of(halves[0]))
    canvas.add(
        f'<path d="M{num(cx - label)} {num(cy)}A{num(label)} {num(label)} 0 0 0 {num(cx + label)} {num(cy)}Z" '
        f'fill="{hex_of(halves[1])}" transform="rotate({num(tilt)} {num(cx)} {num(cy)})"/>'
    )
    canvas.disc(cx, cy, label * 0.1, hex_of(ground))


def quilt(canvas: Canvas, dice: Dice, colors: Palette) -> None:
    """Square patches of circles and their parts."""
    w, h = canvas.width, canvas.height
    rows = 3 if w > h * 2 else 4
    side = h / rows if w >= h else w / 3
    columns, rows = -int(-w // side), -int(-h // side)
    tones = [
        colors.night,
        colors.deep,
        colors.body,
        colors.glow,
        colors.mist,
        colors.paper,
        colors.second,
        colors.spark_2,
    ]
    double = (dice.whole(0, max(0, columns - 2)), dice.whole(0, max(0, rows - 2)))
    covered = (
        {(double[0] + dx, double[1] + dy) for dx in (0, 1) for dy in (0, 1)}
        if min(columns, rows) > 1
        else set()
    )
    for row in range(rows):
        for column in range(columns):
            if (column, row) not in covered:
                _patch(canvas, dice, tones, column * side, row * side, side)
    if covered:
        _patch(canvas, dice, tones, double[0] * side, double[1] * side, side * 2)


def _patch(canvas: Canvas, dice: Dice, tones: list[Lab], x: float, y: float, side: float) -> None:
    # Where edges only meet, a hairline shines through: a patch lies a little over the ones before it, its figure over its ground.
    x, y, side = x - 1.5, y - 1.5, side + 3
    ground = dice.pick(tones)
    figure = dice.pick([tone for tone in tones if abs(tone.l - ground.l) > 0.12])
    fill = hex_of(figure)
    kind, quarter = dice.whole(0, 4), 90 * dice.whole(0, 3)
    s = num(side)
    if kind == 0:
        inner = f'<path d="M0 0H{s}A{s} {s} 0 0 1 0 {s}Z" fill="{fill}"/>'
    elif kind == 1:
        inner = f'<path d="M0 {s}A{num(side / 2)} {num(side / 2)} 0 0 1 {s} {s}Z" fill="{fill}"/>'
    elif kind == 2:
        widths = [(1, figure), (0.74, ground), (0.48, figure), (0.22, ground)]
        inner = "".join(
            f'<path d="M0 0H{num(side * r)}A{num(side * r)} {num(side * r)} 0 0 1 0 {num(side * r)}Z" fill="{hex_of(tone)}"/>'
            for r, tone in widths
        )
    elif kind == 3:
        inner = f'<circle cx="{num(side / 2)}" cy="{num(side / 2)}" r="{num(side * 0.27)}" fill="{fill}"/>'
    else:
        inner = ""
    canvas.add(
        f'<g transform="translate({num(x)} {num(y)}) rotate({quarter} {num(side / 2)} {num(side / 2)})">'
        f'<rect x=".5" y=".5" width="{num(side - 1)}" height="{num(side - 1)}" fill="{hex_of(ground)}"/>{inner}</g>'
    )
