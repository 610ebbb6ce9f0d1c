"""Letters as PDF, by Typst: PDF/A-3a and PDF/UA-1, byte for byte the same for the same document.

Only the fonts beside this file are used and only the letter's own day is written into it, so neither
machine nor moment shows. Both standards are asked for at every compilation: a letter that would break
one is an error, never a lesser letter.
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import msgspec
import pikepdf
import segno
import typst

from services.notifications.model.document import Document

_HERE: Final = Path(__file__).parent / "letter"
STANDARDS: Final[list[typst.PDFStandard]] = ["a-3a", "ua-1"]
MEDIA_TYPE: Final = "application/pdf"
_LOGO: Final = "logo.png"
# What the fonts have signs for: Latin, Greek, Cyrillic, the usual punctuation and currencies.
_UNSEEN: Final = re.compile(
    "[^\x20-\x7e\xa0-\u024f\u0259\u02bb\u02bc\u02c6-\u02dd\u0370-\u0377\u037a-\u037f\u0384-\u03ff"
    "\u0400-\u04ff\u1e00-\u1eff\u2010-\u2027\u2030-\u203a\u20ac\u2116\u2122\u2190-\u2193\u2212\n]"
)


class CannotTypeset(Exception):
    """The letter could not be set; the text is the typesetter's and may hold the letter's words."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the letter. `name` is its file name, plain ASCII."""

    name: str
    content: bytes
    media_type: str
    description: str


@dataclass(frozen=True, slots=True)
class Typeset:
    content: bytes
    pages: int


def typeset(document: Document, logo: bytes, attachments: Sequence[Attachment] = ()) -> Typeset:
    """Raises CannotTypeset."""
    written = _UNSEEN.sub("?", msgspec.json.encode(document).decode())
    with TemporaryDirectory(prefix="forfald-letter-") as folder:
        root = Path(folder)
        if logo:
            (root / _LOGO).write_bytes(logo)
        for one in attachments:
            (root / one.name).write_bytes(one.content)
        compiler = typst.Compiler(
            input=(_HERE / "letter.typ").read_bytes(),
            root=root,
            font_paths=_fonts(),
            ignore_system_fonts=True,
        )
        inputs = {
            "document": written,
            "logo": _LOGO if logo else "",
            "code": code_as_svg(document.code) if document.code else "",
            "attachments": json.dumps(
                [
                    {"path": a.name, "media_type": a.media_type, "description": a.description}
                    for a in attachments
                ]
            ),
        }
        try:
            content = compiler.compile(
                format="pdf",
                sys_inputs=inputs,
                pdf_standards=STANDARDS,
                timestamp=datetime.combine(document.issued_on, time(), UTC),
            )
        except typst.TypstError as error:
            raise CannotTypeset(str(error)) from error
    assert isinstance(content, bytes), "without an output, one file's bytes come back"
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return Typeset(content, len(pdf.pages))


def code_as_svg(text: str) -> str:
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", border=0, xmldecl=False, dark="#13201e"
    )
    return out.getvalue().decode()


def with_pages_of(letter: bytes, copies: Sequence[bytes]) -> Typeset:
    """The letter with each PDF's pages behind it, for print. No conformance is claimed for it.

    Raises CannotTypeset where a copy is no PDF that can be read.
    """
    try:
        with pikepdf.open(io.BytesIO(letter)) as whole:
            for copy in copies:
                with pikepdf.open(io.BytesIO(copy)) as pages:
                    whole.pages.extend(pages.pages)
            with whole.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as about:
                for key in [key for key in about if "pdfaid" in key or "/pdfa/ns/id/" in key]:
                    del about[key]
                for key in [key for key in about if "/pdfua/ns/id/" in key]:
                    del about[key]
            out = io.BytesIO()
            whole.save(out, deterministic_id=True)
            return Typeset(out.getvalue(), len(whole.pages))
    except pikepdf.PdfError as error:
        raise CannotTypeset(f"a copy cannot be appended: {type(error).__name__}") from error


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")]
    )
