"""One mail address or none."""

from __future__ import annotations

import pytest

from services.notifications.model.address import NotOneAddress, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("anne@fjordvig.example", "anne@fjordvig.example"),
        ("Anne.Holm+betaling@Fjordvig.Example", "Anne.Holm+betaling@fjordvig.example"),
        ("anne@bücher.example", "anne@xn--bcher-kva.example"),
        ("o'hara@fjordvig.example", "o'hara@fjordvig.example"),
    ],
)
def test_one_address_is_read(text: str, address: str) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    "text",
    [
        "",
        "anne",
        "@fjordvig.example",
        "anne@",
        "anne@fjordvig.example,thief@evil.example",
        "anne@fjordvig.example, thief@evil.example",
        "anne@fjordvig.example;thief@evil.example",
        "anne@fjordvig.example thief@evil.example",
        "anne@fjordvig.example\r\nBcc: thief@evil.example",
        "anne@fjordvig.example\n",
        "Anne <anne@fjordvig.example>",
        "<anne@fjordvig.example>",
        "<thief@evil.example>anne@fjordvig.example",
        "anne@fjordvig.example>",
        '"anne, thief@evil.example"@fjordvig.example',
        "team: anne@fjordvig.example;",
        "anne@fjordvig.example(comment)",
        "@evil.example:anne@fjordvig.example",
        "anne@[127.0.0.1]",
        "anne..holm@fjordvig.example",
        ".anne@fjordvig.example",
        "anne@-fjordvig.example",
        "anne@fjordvig..example",
        "anne\x00@fjordvig.example",
        "ånne@fjordvig.example",
        "a" * 65 + "@fjordvig.example",
        "a@" + ".".join(["b" * 60] * 5),
    ],
)
def test_anything_else_is_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(NotOneAddress) as refused:
        parse_address(text)
    assert "anne" not in str(refused.value)
