"""Which addresses may be reached, and that no spelling hides one that may not."""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv6Address, ip_address

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.intake.addresses import NotFetched, check_ip, read_address, show_address


def refusal(address: str, *allowed: str) -> str:
    with pytest.raises(NotFetched) as caught:
        read_address(address, allowed_hosts=frozenset(allowed))
    return str(caught.value)


@pytest.mark.parametrize(
    ("address", "read"),
    [
        ("https://news.example/a?b=c#d", "https://news.example/a?b=c"),
        ("HTTP://News.Example:80/", "http://news.example/"),
        (" https://news.example:8443 ", "https://news.example:8443/"),
        ("https://zeitung-süd.example/ä", "https://xn--zeitung-sd-ieb.example/%C3%A4"),
        ("http://93.184.216.34/", "http://93.184.216.34/"),
        ("http://[2606:2800:220:1::1]:8080/", "http://[2606:2800:220:1::1]:8080/"),
    ],
)
def test_an_address_of_the_internet_is_read_in_its_one_spelling(address: str, read: str) -> None:
    assert read_address(address).address == read


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("file:///etc/passwd", "only https:// and http:// are fetched, not file:"),
        ("ftp://news.example/a", "only https:// and http:// are fetched, not ftp:"),
        ("javascript:alert(1)", "only https:// and http:// are fetched, not javascript:"),
        ("news.example/a", "begins with https:// or http://"),
        ("", "begins with https:// or http://"),
        ("https://", "not the name of a host"),
        ("https:news.example", "not the name of a host"),
        ("https://me:secret@news.example/", "user name or password"),
        ("https://me@news.example/", "user name or password"),
        ("https://news.example\\@127.0.0.1/", "user name or password"),
        ("https://news.example:0/", "port does not exist"),
        ("https://news.example:65536/", "port does not exist"),
        ("https://news.example:-1/", "port does not exist"),
        ("https://news.example/\r\nHost: other", "not an address of the web"),
        ("https://news.example/" + "a" * 4_000, "longer than 4,000 characters"),
        ("https://" + "a." * 130 + "example/", "not the name of a host"),
    ],
)
def test_what_is_no_plain_address_of_the_web_is_refused(address: str, why: str) -> None:
    assert why in refusal(address)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LOCALHOST",
        "localhost.",
        "a.localhost",
        "printer",
        "router.local",
        "host.docker.internal",
        "metadata.google.internal",
        "nas.home.arpa",
        "intranet.corp",
    ],
)
def test_a_name_of_one_s_own_network_is_refused(host: str) -> None:
    assert refusal(f"http://{host}/") in {
        "a name of one's own network is not reached",
        "that is not the name of a host",
    }


@pytest.mark.parametrize(
    "host",
    [
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0x",
        "017700000001",
        "0177.0.0.1",
        "127.1",
        "127.0.1",
        "127.0.0.1.",
        "127.0.0.01",
        "127.0.0.1.0x7f",
        "1.2.3.4.5",
        "0",
        "%31%32%37.0.0.1",
        "127.0.0.1%00.news.example",
        "127。0。0。1",
        "①②⑦.0.0.1",
        "１２７.0.0.1",
        "ⓛocalhost",
        "localhoſt",
        "news.example.",
        "news..example",
        "-news.example",
        "news example.org",
        "[127.0.0.1]",
        "[::1%25lo]",
        "[fe80::1%25eth0]",
        "[::1",
    ],
)
def test_no_other_spelling_of_a_host_is_taken(host: str) -> None:
    assert refusal(f"http://{host}/")


CLOSED = {
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],  # noqa: S104 - nothing is bound
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd00::1"],
    "shared by a provider's customers": ["100.64.0.1", "100.127.255.255", "100.100.100.200"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "link-local": ["169.254.169.254", "fe80::1", "fe80::1%eth0", "2606::1%eth0"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1"],
    "reserved": [
        *("192.0.0.192", "192.0.2.1", "192.88.99.1", "198.19.0.1", "198.51.100.1", "203.0.113.1"),
        *("240.0.0.1", "255.255.255.255", "168.63.129.16"),
        *("::127.0.0.1", "100::1", "2001:db8::1", "3fff::1", "5f00::1", "64:ff9b:1::7f00:1"),
    ],
    "a tunnel (6to4)": ["2002:7f00:1::", "2002:5db8:d822::"],
    "a tunnel (Teredo)": ["2001:0:7f00:1::"],
    "a tunnel (ISATAP)": ["2606::5efe:7f00:1", "2606::200:5efe:a00:1"],
}


@pytest.mark.parametrize(
    ("ip", "word"), [(ip, word) for word, addresses in CLOSED.items() for ip in addresses]
)
def test_a_closed_address_is_refused_and_the_line_says_in_what_way(ip: str, word: str) -> None:
    with pytest.raises(NotFetched, match=re.escape(f" is {word}, not an address")):
        check_ip(ip)
    assert refusal(f"http://[{ip}]/" if ":" in ip else f"http://{ip}:8080/")


@pytest.mark.parametrize("ip", [ip for ips in CLOSED.values() for ip in ips if ":" not in ip])
def test_an_ipv6_address_that_wraps_a_closed_one_is_refused(ip: str) -> None:
    number = int(IPv4Address(ip))
    for prefix in ("::ffff:0:0", "64:ff9b::", "::"):
        with pytest.raises(NotFetched):
            check_ip(str(IPv6Address(int(IPv6Address(prefix)) + number)))


@pytest.mark.parametrize("ip", ["::ffff:5db8:d822", "64:ff9b::5db8:d822"])
def test_an_ipv6_address_that_wraps_an_open_one_may_be_reached(ip: str) -> None:
    assert ip_address(check_ip(ip)) == ip_address(ip)


@settings(deadline=None)
@given(some.ip_addresses())
def test_whatever_python_knows_to_be_closed_is_refused(ip: IPv4Address | IPv6Address) -> None:
    # What wraps an IPv4 address is as open or closed as that: see above.
    wraps = str(ip).startswith(("64:ff9b::", "::ffff:"))
    if not wraps and (ip.is_multicast or ip.is_reserved or not ip.is_global):
        with pytest.raises(NotFetched):
            check_ip(str(ip))


@settings(deadline=None)
@given(some.text())
def test_any_text_is_read_or_refused_in_one_line(text: str) -> None:
    for address in (text, f"http://{text}", f"https://news.example/{text}"):
        assert "\n" not in show_address(address)
        try:
            target = read_address(address)
        except NotFetched:
            continue
        assert read_address(target.address) == target
        assert target.address.isascii()


def test_a_setting_allows_a_host_with_all_its_ports_or_with_one() -> None:
    assert read_address("http://127.0.0.1:80/", allowed_hosts=frozenset({"127.0.0.1"})).allowed
    assert read_address("http://[::1]:81/", allowed_hosts=frozenset({"[::1]:81"})).allowed
    assert read_address("http://printer/", allowed_hosts=frozenset({"Printer"})).allowed
    assert "loopback" in refusal("http://127.0.0.1:82/", "127.0.0.1:81")
    assert "loopback" in refusal("http://127.0.0.1/", "127.0.0.2", "")
    assert "own network" in refusal("http://other.local/", "printer.local")


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("https://me:secret@news.example:81/a?token=x#y", "news.example:81/a"),
        ("https://medium.example/@writer/a", "medium.example/@writer/a"),
        ("ftp://me:secret@news.example/a?token=x", "ftp://news.example/a"),
        ("http://me:sec/ret@news.example:x/?token=x", "http://news.example:x/"),
        ("me:secret@news.example?token=x", "news.example"),
        ("http://me:secret@[news.example]/?token=x", "http://[news.example]/"),
        ("https://news.example/\x1b[31mred", "https://news.example/ red"),
        ("https://news.example/" + "a" * 900, "news.example/" + "a" * 147),
    ],
)
def test_an_address_is_shown_without_what_may_be_secret(address: str, shown: str) -> None:
    assert show_address(address) == shown
