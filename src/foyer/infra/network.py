"""From where somebody asks: the address of their network, as far as whoever stands between us can be believed."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any, Final, cast

from litestar.connection import ASGIConnection

from foyer.settings import Settings

AnyConnection = ASGIConnection[Any, Any, Any, Any]
Address = IPv4Address | IPv6Address

NOWHERE: Final = IPv4Address("0.0.0.0")  # noqa: S104 - nothing listens on it: it stands for an address that is not known


def client_address(request: AnyConnection) -> Address:
    """The address of whoever asks. A proxy of ours is believed about the one before it, and nobody else about anybody."""
    trusted = [ip_network(one, strict=False) for one in cast("Settings", request.app.state.settings).proxies]

    def is_ours(address: Address) -> bool:
        return any(address in network for network in trusted)

    nearest = _read(request.client.host) if request.client else None
    if nearest is None:
        return NOWHERE
    told = ",".join(request.headers.getall("x-forwarded-for", [])).split(",")
    for text in reversed(told):
        if not is_ours(nearest):
            break
        before = _read(text)
        if before is None:
            break
        nearest = before
    return nearest


def network_of(request: AnyConnection) -> str:
    """By which tries are counted: an address, or the /64 that one household has of IPv6."""
    address = client_address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


def _read(text: str) -> Address | None:
    """An address as proxies write it, a port included."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
