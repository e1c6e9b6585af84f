"""How paper looks: a seller's colours and letterhead."""

from dataclasses import asdict
from typing import Any

from foyer.kernel.color import theme


def colors(primary: str, secondary: str) -> dict[str, str]:
    """The colours of a document: those of a page in light mode, with the two that they come from."""
    known = {name.replace("_", "-"): value for name, value in asdict(theme(primary, secondary).light).items()}
    return {**known, "primary": primary, "secondary": secondary}


def letterhead(
    name: str, email: str, phone: str | None, website: str | None, logo: list[int] | None
) -> dict[str, Any]:
    shown = (website or "").removeprefix("https://").removeprefix("http://").rstrip("/")
    return {"name": name, "email": email, "phone": phone, "website": shown or None, "logo": logo}
