"""Who is at the other end: the address of their network, and what they hold in their hands."""

import asyncio
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final, cast

from foyer.domains.identity.types import Visit
from foyer.settings import Settings
from foyer.web.shared.render import AnyRequest

Address = IPv4Address | IPv6Address

NOWHERE: Final = IPv4Address("0.0.0.0")  # noqa: S104 - nothing listens on it: it stands for an address that is not known
USER_AGENT_MAX: Final = 500
UNKNOWN: Final = "Unknown device"


def client_address(request: AnyRequest) -> Address:
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


def network_of(request: AnyRequest) -> str:
    """By which tries are counted: an address, or the /64 that one household has of IPv6."""
    address = client_address(request)
    if isinstance(address, IPv6Address):
        return str(ip_network((address, 64), strict=False))
    return str(address)


async def visit_of(request: AnyRequest) -> Visit:
    agent = request.headers.get("user-agent", "")[:USER_AGENT_MAX]
    # The names of browsers are a table that is slow to load, and is needed at a sign-in alone.
    return Visit(device=await asyncio.to_thread(_device, agent), ip=str(client_address(request)))


def _device(agent: str) -> str:
    """`Firefox on Linux`, as far as a browser says what it is."""
    from ua_parser import parse_os, parse_user_agent

    browser, system = parse_user_agent(agent), parse_os(agent)
    words = [one.family for one in (browser, system) if one is not None]
    return " on ".join(words) or UNKNOWN


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
