"""A logo from a stranger's file: decoded here and drawn anew, so that nothing of the file is kept.

What comes is judged by its content, never by its name, and its size in pixels is looked at before
anything is unpacked. What goes on is a PNG of our own making that fits a letter's head.
"""

from __future__ import annotations

import io
import warnings
from typing import Final

from PIL import Image, UnidentifiedImageError

from shared.decider import Rejected

BYTES_MAX: Final = 1_000_000
PIXELS_MAX: Final = 16_000_000
SIDE_MIN: Final = 16
PNG_BYTES_MAX: Final = 65_536
_FORMATS: Final = ("PNG", "JPEG", "WEBP")
_BOXES: Final = ((720, 240), (540, 180), (360, 120), (240, 80))


def logo_of(content: bytes) -> bytes:
    """The PNG. Raises Rejected, which names the rule."""
    if len(content) > BYTES_MAX:
        raise refused(f"A logo has at most {BYTES_MAX // 1_000} kB.", "logo_too_large")
    image = drawn(content)
    for box in _BOXES:
        for colours in (0, 256, 64):
            png = as_png(image, box, colours)
            if len(png) <= PNG_BYTES_MAX:
                return png
    raise refused("This picture is too rich for a logo: use a plainer one.", "logo_too_rich")


def drawn(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            # A picture that unpacks to far more than it weighs is refused, not warned of.
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            opened = Image.open(io.BytesIO(content), formats=_FORMATS)
            if opened.width * opened.height > PIXELS_MAX:
                raise refused("A logo has at most 16 million pixels.", "logo_too_many_pixels")
            if min(opened.size) < SIDE_MIN:
                raise refused(f"A logo is at least {SIDE_MIN} pixels high and wide.", "logo_tiny")
            if getattr(opened, "is_animated", False):
                raise refused("A logo does not move.", "logo_animated")
            return opened.convert("RGBA")
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as bomb:
        raise refused("A logo has at most 16 million pixels.", "logo_too_many_pixels") from bomb
    except (UnidentifiedImageError, OSError, ValueError) as error:
        raise refused(
            "This is no picture: a logo is a PNG, JPEG or WebP file.", "logo_not_an_image"
        ) from error
    except (SyntaxError, EOFError, MemoryError, OverflowError) as error:
        # What the decoders raise on damaged or hostile files.
        raise refused("This picture cannot be read.", "logo_not_an_image") from error


def as_png(image: Image.Image, box: tuple[int, int], colours: int) -> bytes:
    smaller = image.copy()
    smaller.thumbnail(box)
    if colours:
        smaller = smaller.quantize(colours, method=Image.Quantize.FASTOCTREE)
    out = io.BytesIO()
    smaller.save(out, "PNG", optimize=True)
    return out.getvalue()


def refused(text: str, code: str) -> Rejected:
    return Rejected(text, code=code, field="logo")
