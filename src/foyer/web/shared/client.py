"""Who is at the other end: where they come from, and what they hold in their hands."""

import asyncio
from typing import Final

from foyer.domains.identity.types import Visit
from foyer.infra.network import client_address
from foyer.web.shared.render import AnyRequest

USER_AGENT_MAX: Final = 500
UNKNOWN: Final = "Unknown device"


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
