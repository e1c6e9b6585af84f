"""The code of a ticket, as pages show it."""

from markupsafe import Markup


def ticket_qr(text: str, svgid: str | None = None) -> Markup:
    """The code as an SVG of our own making; four modules of quiet zone, error correction M."""
    import segno  # loads what few processes need

    code = segno.make_qr(text, error="m", boost_error=False)
    drawn = code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgid=svgid)
    return Markup(drawn)  # noqa: S704
