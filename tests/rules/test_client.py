"""Whose address a request comes from: a proxy is believed when it is ours, and about the one before it alone."""

from types import SimpleNamespace

import pytest
from litestar.datastructures import Headers

from foyer.infra.network import client_address, network_of


def request(peer, *forwarded, proxies=()):
    """What the two functions read of a request."""
    headers = Headers([(b"x-forwarded-for", one.encode("latin-1")) for one in forwarded])
    return SimpleNamespace(
        client=SimpleNamespace(host=peer) if peer else None,
        headers=headers,
        app=SimpleNamespace(state=SimpleNamespace(settings=SimpleNamespace(proxies=proxies))),
    )


OURS = ("10.0.0.2", "10.1.0.0/16", "fd00::/8")


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "expected"),
    [
        ("203.0.113.5", (), (), "203.0.113.5"),
        ("203.0.113.5", ("1.1.1.1",), (), "203.0.113.5"),
        ("203.0.113.5", ("1.1.1.1",), OURS, "203.0.113.5"),
        ("127.0.0.1", ("1.1.1.1",), OURS, "127.0.0.1"),
        ("10.0.0.2", ("203.0.113.5",), OURS, "203.0.113.5"),
        ("10.0.0.2", ("1.1.1.1, 203.0.113.5",), OURS, "203.0.113.5"),
        ("10.0.0.2", ("1.1.1.1", "203.0.113.5"), OURS, "203.0.113.5"),
        ("10.0.0.2", ("1.1.1.1, 203.0.113.5, 10.1.2.3",), OURS, "203.0.113.5"),
        ("10.0.0.2", ("10.1.2.3, 10.0.0.2",), OURS, "10.1.2.3"),
        ("10.0.0.2", ("203.0.113.5:4711",), OURS, "203.0.113.5"),
        ("10.0.0.2", ("[2001:db8::7]:4711",), OURS, "2001:db8::7"),
        ("10.0.0.2", ("2001:db8::7",), OURS, "2001:db8::7"),
        ("10.0.0.2", ("::ffff:203.0.113.5",), OURS, "203.0.113.5"),
        ("::ffff:10.0.0.2", ("203.0.113.5",), OURS, "203.0.113.5"),
        ("fd00::1", ("203.0.113.5",), OURS, "203.0.113.5"),
        ("10.0.0.2", ("unknown",), OURS, "10.0.0.2"),
        ("10.0.0.2", ("203.0.113.5, unknown",), OURS, "10.0.0.2"),
        ("10.0.0.2", ("",), OURS, "10.0.0.2"),
        ("10.0.0.2", ("203.0.113.5\xa0",), OURS, "203.0.113.5"),
        ("10.0.0.2", ("<script>", "999.1.1.1"), OURS, "10.0.0.2"),
        (None, ("203.0.113.5",), OURS, "0.0.0.0"),
        ("unix", (), OURS, "0.0.0.0"),
    ],
)
def test_address_is_the_last_one_that_no_proxy_of_ours_has(peer, forwarded, proxies, expected):
    assert str(client_address(request(peer, *forwarded, proxies=proxies))) == expected


def test_household_is_counted_as_one():
    one, other = request("2001:db8:1:2::7"), request("2001:db8:1:2:ffff::9")

    assert network_of(one) == network_of(other) == "2001:db8:1:2::/64"
    assert network_of(request("203.0.113.5")) == "203.0.113.5"
