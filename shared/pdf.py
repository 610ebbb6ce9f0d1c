"""A PDF from a stranger, shown as page images.

PDFium is native code fed with what anybody may send, and it is not safe to call from two threads.
So every document is drawn in a process of its own, this file run as a script, with limits on its
memory, processor time and clock. Whatever goes wrong in there, down to a crash, is an answer here.

The process reads the document from standard input and writes each page as eight bytes of length
(big-endian) and that many bytes of PNG. It ends with 0, or with ``_REFUSED`` and the code and text
of the refusal on standard error.
"""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pypdfium2

MAX_BYTES: Final = 20 * 1024 * 1024
MAX_PAGES: Final = 60
MAX_WIDTH: Final = 2_400
MAX_PIXELS: Final = 12_000_000
MAX_IMAGES: Final = 64 * 1024 * 1024

_SECONDS: Final = 30
_MEMORY: Final = 1536 * 1024 * 1024
_REFUSED: Final = 3
_LENGTH: Final = struct.Struct(">Q")


class UnreadablePdf(Exception):
    """The document cannot be shown. ``code`` is stable, ``text`` says why.

    Codes: ``too_large``, ``not_a_pdf``, ``encrypted``, ``no_pages``, ``too_many_pages``,
    ``page_too_large``, ``too_many_bytes``, ``too_slow``, ``crashed``.
    """

    def __init__(self, code: str, text: str) -> None:
        super().__init__(f"{code}: {text}")
        self.code = code
        self.text = text


def pages(document: bytes, width_px: int) -> tuple[bytes, ...]:
    """Every page as a PNG of that width (1 to 2,400 pixels), or ``UnreadablePdf``."""
    if not 1 <= width_px <= MAX_WIDTH:
        raise ValueError(f"a page is drawn 1 to {MAX_WIDTH} pixels wide, not {width_px}")
    if len(document) > MAX_BYTES:
        raise UnreadablePdf("too_large", f"{len(document)} bytes; at most {MAX_BYTES} are read")
    try:
        drawn = subprocess.run(  # noqa: S603  this interpreter, this file and a number
            [sys.executable, "-I", __file__, str(width_px)],
            input=document,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadablePdf("too_slow", f"not drawn within {_SECONDS} seconds") from error
    if drawn.returncode == _REFUSED:
        # PDFium may have warned before; the refusal is the last line.
        code, _, text = drawn.stderr.decode(errors="replace").splitlines()[-1].partition(": ")
        raise UnreadablePdf(code, text)
    if drawn.returncode != 0:
        raise UnreadablePdf("crashed", f"drawing ended with {drawn.returncode}")
    return tuple(_unframed(drawn.stdout))


def _unframed(stream: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(stream):
        (length,) = _LENGTH.unpack_from(stream, at)
        at += _LENGTH.size
        yield stream[at : at + length]
        at += length


def _draw(document: bytes, width_px: int) -> Iterator[bytes]:
    """The pages, drawn here and now: only ever in a process that may die."""
    import pypdfium2

    try:
        pdf = pypdfium2.PdfDocument(document)
        count = len(pdf)
    except pypdfium2.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadablePdf("encrypted" if locked else "not_a_pdf", str(error)) from error
    if count == 0:
        raise UnreadablePdf("no_pages", "the document has no pages")
    if count > MAX_PAGES:
        raise UnreadablePdf("too_many_pages", f"{count} pages; at most {MAX_PAGES} are drawn")
    written = 0
    for index in range(count):
        image = _page(pdf, index, width_px)
        written += len(image)
        if written > MAX_IMAGES:
            raise UnreadablePdf("too_many_bytes", f"its images are over {MAX_IMAGES} bytes")
        yield image


def _page(pdf: pypdfium2.PdfDocument, index: int, width_px: int) -> bytes:
    import pypdfium2

    try:
        page = pdf[index]
        width, height = page.get_size()
        if width <= 0 or height <= 0 or width_px * height / width * width_px > MAX_PIXELS:
            raise UnreadablePdf("page_too_large", f"page {index + 1} is {width} by {height} points")
        # The renderer rounds up; half a pixel less lands on the width asked for.
        bitmap = page.render(scale=(width_px - 0.5) / width)
        png = io.BytesIO()
        bitmap.to_pil().save(png, "PNG")
    except pypdfium2.PdfiumError as error:
        raise UnreadablePdf("not_a_pdf", f"page {index + 1}: {error}") from error
    return png.getvalue()


def _bounded() -> None:
    """Bound this process; only Linux keeps to a limit of address space."""
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))


def _main() -> int:
    _bounded()
    try:
        for image in _draw(sys.stdin.buffer.read(), int(sys.argv[1])):
            sys.stdout.buffer.write(_LENGTH.pack(len(image)))
            sys.stdout.buffer.write(image)
    except UnreadablePdf as refused:
        sys.stderr.write(f"{refused.code}: {refused.text}")
        return _REFUSED
    return 0


if __name__ == "__main__":
    sys.exit(_main())
