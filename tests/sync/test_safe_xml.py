"""XML from strangers: whatever is not plain and bounded is refused by the name of its fault."""

from __future__ import annotations

import codecs
import socket
from collections.abc import Iterator
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.sync.model.safe_xml import Element, Limits, UnsafeXml, parse
from tests.sync.documents import document

pytestmark = [pytest.mark.property_("P16"), pytest.mark.capability("S14")]

BOMB = (
    '<!DOCTYPE lol [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">'
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><Invoice>&i;</Invoice>"
)
ATTACKS = {
    "bomb": BOMB,
    "quadratic": f'<!DOCTYPE a [<!ENTITY x "{"x" * 50_000}">]><a>{"&x;" * 50_000}</a>',
    "file": '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    "parameter entity": '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1/x"> %x;]><a/>',
    "external subset": '<!DOCTYPE a SYSTEM "http://127.0.0.1/x.dtd"><a/>',
    "public identifier": '<!DOCTYPE a PUBLIC "-//X//EN" "http://127.0.0.1/x.dtd"><a/>',
    "harmless doctype": "<!DOCTYPE a><a/>",
}
ENCODINGS = {
    "utf-8": lambda text: text.encode(),
    "utf-8 with a mark": lambda text: codecs.BOM_UTF8 + text.encode(),
    "utf-16 le": lambda text: codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
    "utf-16 be": lambda text: codecs.BOM_UTF16_BE + text.encode("utf-16-be"),
}


def refusal(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(UnsafeXml) as refused:
        parse(data, limits or Limits())
    assert refused.value.text
    return refused.value.code


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("attack", ATTACKS)
def test_a_document_type_is_refused_in_every_encoding(attack, encoding) -> None:
    assert refusal(ENCODINGS[encoding](ATTACKS[attack])) == "doctype"


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.setblocking(False)
        yield server


def test_nothing_outside_the_document_is_fetched(listener) -> None:
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/x"
    assert refusal(f'<!DOCTYPE a SYSTEM "{url}"><a/>'.encode()) == "doctype"
    parse(f'<a xmlns:i="i" i:schemaLocation="{url}"><?xml-stylesheet href="{url}"?></a>'.encode())
    with pytest.raises(BlockingIOError):
        listener.accept()


def test_an_entity_that_nothing_declares_is_refused() -> None:
    assert refusal(b"<a>&nbsp;</a>") == "entity"


def test_the_five_entities_of_xml_itself_are_read() -> None:
    assert parse(b"<a>R&#248;r &amp; VVS &lt;&gt;&apos;&quot;</a>").text == "Rør & VVS <>'\""


def test_thirty_megabytes_are_refused_before_they_are_read() -> None:
    assert refusal(b"\0" * (30 * 1024 * 1024)) == "too_large"


def test_the_largest_document_is_read_and_one_byte_more_is_not() -> None:
    limits = Limits(size=12)
    assert parse(b"<a>12345</a>", limits).text == "12345"
    assert refusal(b"<a>123456</a>", limits) == "too_large"


def test_depth_sixty_four_is_read_and_sixty_five_and_a_hundred_are_not() -> None:
    assert parse(b"<a>" * 64 + b"</a>" * 64).name == "a"
    assert refusal(b"<a>" * 65 + b"</a>" * 65) == "too_deep"
    assert refusal(b"<a>" * 100 + b"</a>" * 100) == "too_deep"


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("too_many_elements", b"<a>" + b"<b/>" * 10 + b"</a>"),
        ("too_many_attributes", b'<a b="" c="" d="" e=""/>'),
        ("name_too_long", b"<" + b"a" * 21 + b"/>"),
        ("name_too_long", b'<a xmlns="urn:a-namespace-name"/>'),
        ("name_too_long", b"<a " + b"b" * 21 + b'=""/>'),
        ("attribute_too_long", b'<a b="' + b"c" * 31 + b'"/>'),
        ("text_too_long", b"<a>" + b"x" * 41 + b"</a>"),
        ("text_too_long", b"<a>" + b"x" * 20 + b"<b/>" + b"x" * 21 + b"</a>"),
    ],
)
def test_counts_and_sizes_are_bounded(code, data) -> None:
    limits = Limits(elements=10, attributes=3, name=20, attribute=30, text=40)
    assert refusal(data, limits) == code


@pytest.mark.parametrize("data", [b"<a><!--%s--></a>", b'<a b="%s"/>', b"<?p %s?><a/>"])
def test_a_tag_or_comment_without_end_is_not_read_over_and_over(data) -> None:
    assert refusal(data % (b"x" * 5_000_000)) == "token_too_long"


@pytest.mark.parametrize(
    "data",
    [
        '<?xml version="1.0" encoding="ISO-8859-1"?><a>ø</a>'.encode("latin-1"),
        b'<?xml version="1.0" encoding="ISO-8859-1"?><a>plain</a>',
        b'<?xml version="1.0" encoding="windows-1252"?><a>plain</a>',
        b'<?xml version="1.0" encoding="utf-7"?><a>+ADw-</a>',
        b'<?xml version="1.0" encoding="UTF-16"?><a/>',
        codecs.BOM_UTF16_LE + '<?xml version="1.0" encoding="UTF-8"?><a/>'.encode("utf-16-le"),
        "<a>ø</a>".encode("latin-1"),
        '<?xml version="1.0" encoding="UTF-8"?><a>ø</a>'.encode("latin-1"),
        "<a/>".encode("utf-16-le"),
        "<a/>".encode("utf-16-be"),
        "<a/>".encode("utf-32"),
        codecs.BOM_UTF16_LE + b"<",
        codecs.BOM_UTF16_LE + b"\x00\xd8<\x00",
        b"<a>\xed\xa0\x80</a>",
        b"<a>\xc0\xbc</a>",
    ],
)
def test_an_encoding_that_is_not_what_it_says_is_refused(data) -> None:
    assert refusal(data) == "encoding"


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_both_encodings_give_the_same_tree(encoding) -> None:
    text = '<a xmlns="urn:x" b="å"><c>Lindtoft Tømmerhandel</c></a>'
    tree = Element(
        "urn:x", "a", (("b", "å"),), "", (Element("urn:x", "c", (), "Lindtoft Tømmerhandel"),)
    )
    assert parse(ENCODINGS[encoding](text)) == tree


@pytest.mark.parametrize(
    "data",
    [b"", b" ", b"<a>", b"<a></b>", b"<a/><a/>", b"%PDF-1.7", b"<a b='1' b='2'/>", b"<abc>\0</abc>",
     b"<x:a/>", b'<a xmlns:x="1 2 3"/>', b'<?xml version="2.0"?><a/>', b"{}"],
)  # fmt: skip
def test_what_is_not_xml_is_malformed(data) -> None:
    assert refusal(data) == "malformed"


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.binary(max_size=300))
def test_no_bytes_do_worse_than_be_refused(data) -> None:
    with suppress(UnsafeXml):
        assert isinstance(parse(data), Element)


@settings(derandomize=True, deadline=None, max_examples=100)
@given(st.data())
def test_a_cut_document_is_refused(data) -> None:
    whole = document("peppol-dk-fik71.xml").rstrip()
    cut = data.draw(st.integers(0, len(whole) - 1))
    assert refusal(whole[:cut]) in {"malformed", "encoding"}
