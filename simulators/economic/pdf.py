"""A small PDF: one page of text lines, drawn by hand (ISO 32000-1, the parts that one page needs).

A tab moves to the second column, a second tab to the right edge; `RULE` is a line across the page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

RULE: Final = "---"
_PAPER = "0 340 595 842"  # the upper part of A4, which is all that is written on
_LEFT, _SECOND, _RIGHT = 60, 170, 535
_TOP, _LEADING = 770, 20
_TITLE, _TEXT = 20, 11
# Widths of Helvetica in thousandths of its size, for what amounts are made of (Adobe's metrics).
_WIDTHS: Final = {".": 278, ",": 278, " ": 278, "-": 333}
_DIGIT: Final = 556


def drawn(lines: Sequence[str]) -> bytes:
    """The same lines give the same bytes."""
    text = b"\n".join(_operators(lines))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [%s] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>" % _PAPER.encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(text), text),
    ]
    file = bytearray(b"%PDF-1.4\n")
    offsets = []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(file)
    size = len(objects) + 1
    file += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    file += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, start)
    return bytes(file)


def _operators(lines: Sequence[str]) -> Iterator[bytes]:
    """The first line is the title."""
    y = _TOP
    for number, line in enumerate(lines):
        if line == RULE:
            yield b"0.6 w %d %d m %d %d l S" % (_LEFT, y + _LEADING // 3, _RIGHT, y + _LEADING // 3)
        else:
            size = _TEXT if number else _TITLE
            for column, part in enumerate(line.split("\t")):
                if part:
                    yield b"BT /F1 %d Tf %d %d Td (%s) Tj ET" % (
                        size, _place(column, part), y, _escaped(part))  # fmt: skip
        y -= _LEADING


def _place(column: int, part: str) -> int:
    """Where a part of a line begins: the third column ends at the right edge."""
    if column < 2:
        return (_LEFT, _SECOND)[column]
    width = sum(_WIDTHS.get(letter, _DIGIT) for letter in part)
    return _RIGHT - width * _TEXT // 1000


def _escaped(line: str) -> bytes:
    encoded = line.encode("cp1252", "replace")
    for special in (b"\\", b"(", b")"):
        encoded = encoded.replace(special, b"\\" + special)
    return encoded
