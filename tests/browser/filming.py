"""What a door's camera sees: a film of tickets held out, which the browser plays as its camera."""

from collections.abc import Sequence
from pathlib import Path

import segno

WIDTH, HEIGHT, CODE = 640, 480, 300
FRAMES_A_SECOND = 10
GROUND, PAPER, INK = 40, 235, 16


def film(path: Path, codes: Sequence[str], *, seconds: float = 1.0) -> list[str]:
    """Write a film that shows each code for so long, again and again; returns the browser's flags for it."""
    head = f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F{FRAMES_A_SECOND}:1 Ip A1:1 C420jpeg\n".encode()
    colors = bytes([128]) * (WIDTH * HEIGHT // 2)
    frames = [
        b"FRAME\n" + picture(code) + colors for code in codes for _ in range(int(seconds * FRAMES_A_SECOND))
    ]
    path.write_bytes(head + b"".join(frames))
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={path}",
    ]


def picture(code: str) -> bytes:
    """The grey values of one frame: the code on paper, the paper on a dark ground; nothing where there is no code."""
    rows = [bytearray([GROUND]) * WIDTH for _ in range(HEIGHT)]
    if code:
        modules = [
            list(row) for row in segno.make_qr(code, error="m", boost_error=False).matrix_iter(border=4)
        ]
        size = CODE // len(modules)
        left, top = (WIDTH - size * len(modules)) // 2, (HEIGHT - size * len(modules)) // 2
        for y, row in enumerate(modules):
            line = b"".join(bytes([INK if dark else PAPER]) * size for dark in row)
            for at in range(size):
                rows[top + y * size + at][left : left + len(line)] = line
    return b"".join(rows)
