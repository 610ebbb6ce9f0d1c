"""PDFs from strangers as page images: drawn, or refused by name, and never a crash of ours."""

from __future__ import annotations

import io
import sys
from contextlib import suppress

import pypdfium2
import pytest
from PIL import Image

from shared import pdf
from shared.pdf import UnreadablePdf, pages

pytestmark = pytest.mark.capability("S14")

A4 = (595, 842)


def document(*sizes: tuple[int, int]) -> bytes:
    written = pypdfium2.PdfDocument.new()
    for width, height in sizes:
        written.new_page(width, height)
    stream = io.BytesIO()
    written.save(stream)
    written.close()
    return stream.getvalue()


def scan() -> bytes:
    """A page that is a red picture, as a scanner makes it."""
    stream = io.BytesIO()
    Image.new("RGB", (60, 80), (200, 0, 0)).save(stream, "PDF")
    return stream.getvalue()


def refusal(data: bytes, width_px: int = 100) -> str:
    with pytest.raises(UnreadablePdf) as refused:
        pages(data, width_px)
    assert refused.value.text
    return refused.value.code


def size(png: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(png)) as image:
        assert image.format == "PNG"
        return image.size


def test_every_page_is_an_image_of_the_width_asked_for() -> None:
    drawn = [size(page) for page in pages(document(A4, (842, 595)), 800)]
    assert [width for width, _ in drawn] == [800, 800]
    assert [height for _, height in drawn] == [
        pytest.approx(1132, abs=1),
        pytest.approx(565, abs=1),
    ]


def test_a_page_shows_what_it_holds() -> None:
    (page,) = pages(scan(), 60)
    with Image.open(io.BytesIO(page)) as image:
        red, green, blue = image.convert("RGB").resize((1, 1)).tobytes()
    assert red > 150
    assert max(green, blue) < 50


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF-1.7", b"<Invoice/>", bytes(range(256)) * 20, scan()[:300], b"%PDF-1.4\n" * 9999],
)
def test_what_is_no_pdf_is_refused(data) -> None:
    assert refusal(data) == "not_a_pdf"


LOCKED = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>endobj
4 0 obj<</Filter/Standard/V 1/R 2/Length 40/P -4/O(%s)/U(%s)>>endobj
trailer<</Root 1 0 R/Size 5/Encrypt 4 0 R/ID[(a)(a)]>>
%%%%EOF""" % (b"o" * 32, b"u" * 32)


def test_a_pdf_under_a_password_is_refused() -> None:
    assert refusal(LOCKED) == "encrypted"


def test_pages_pixels_and_bytes_are_capped() -> None:
    assert refusal(document(*[A4] * 61)) == "too_many_pages"
    assert refusal(document((10, 10_000)), 2_400) == "page_too_large"
    assert refusal(b"%PDF-" + b"0" * 20 * 1024 * 1024) == "too_large"


@pytest.mark.parametrize("width", [0, -1, 2_401])
def test_a_width_that_no_screen_has_is_a_mistake_of_ours(width) -> None:
    with pytest.raises(ValueError, match="pixels wide"):
        pages(document(A4), width)


def test_a_drawing_that_dies_is_an_answer(monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert refusal(document(A4)) == "crashed"


def test_a_drawing_without_end_is_ended(monkeypatch) -> None:
    monkeypatch.setattr(pdf, "_SECONDS", 0)
    assert refusal(document(A4)) == "too_slow"


def test_a_damaged_pdf_is_drawn_or_refused() -> None:
    whole = bytearray(scan())
    for at in range(0, len(whole), len(whole) // 6):
        damaged = bytes(whole[:at]) + b"\xff\x00<<" + bytes(whole[at + 4 :])
        with suppress(UnreadablePdf):
            assert all(size(page)[0] == 50 for page in pages(damaged, 50))
