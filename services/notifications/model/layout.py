"""How a mail looks: once as plain text, once as HTML.

The HTML is one table by hand, since mail programs know little else: no picture, script, web font or
outside file, every style inline in the light palette, and a dark palette for programs that ask for
it. It says nothing that the text part does not say.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from services.notifications.model.wording import Piece, plain

PAPER, GROUND, INK, INK_2, LINE = "#ffffff", "#f4f6f5", "#13201e", "#4b5a57", "#dde3e1"
ACCENT = "#0a5b63"
FACE = "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans',Arial,sans-serif"

# The only rules that cannot stand inline: the dark palette and the narrow screen.
STYLE = """
:root { color-scheme: light dark; supported-color-schemes: light dark; }
@media (max-width: 599px) {
  .around { padding: 0 !important; }
  .inside { padding-left: 20px !important; padding-right: 20px !important; }
  .act { width: 100% !important; }
  .button a { display: block !important; }
}
@media (prefers-color-scheme: dark) {
  .ground { background: #0d1312 !important; }
  .paper { background: #131a19 !important; }
  .ink { color: #e5ebe9 !important; border-color: #e5ebe9 !important; }
  .ink-2 { color: #a3b1ae !important; border-color: #2a3533 !important; }
  .link { color: #7ac9ca !important; }
  .fall { border-left-color: #7ac9ca !important; border-bottom-color: #131a19 !important; }
  .button { background: #7ac9ca !important; }
  .button a { color: #08201f !important; }
}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What stands in a mail, from top to bottom."""

    language: str
    heading: str
    lead: str
    next: tuple[Piece, ...]
    action: str
    link: str
    address: str
    """Introduces the link in full."""
    notes: tuple[str, ...]


def as_text(letter: Letter) -> str:
    """The whole mail, a line to a paragraph, which the reader's screen breaks; the link alone."""
    blocks = (
        letter.heading,
        letter.lead,
        plain(letter.next),
        f"{letter.action}:\n{letter.link}",
        "---",
        *letter.notes,
        "Forfald",
    )
    return "\n\n".join(blocks) + "\n"


def as_html(letter: Letter) -> str:
    heading, lead, action = escape(letter.heading), escape(letter.lead), escape(letter.action)
    link = escape(letter.link, quote=True)
    notes = "".join(
        f'<p class="ink-2" style="margin:0 0 8px;color:{INK_2}">{escape(note)}</p>'
        for note in letter.notes
    )
    table = 'role="presentation" border="0" cellpadding="0" cellspacing="0"'
    text = f"margin:0 0 16px;font:400 16px/1.5 {FACE};color:{INK}"
    return f"""<!doctype html>
<html lang="{escape(letter.language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="format-detection" content="telephone=no, date=no, address=no">
<title>{heading}</title>
<style>{STYLE}</style>
</head>
<body class="ground" style="margin:0;padding:0;background:{GROUND}">
<div style="display:none;max-height:0;overflow:hidden">{lead}</div>
<table {table} class="ground" width="100%" style="background:{GROUND}"><tr>
<td class="around" align="center" style="padding:32px 16px">
<table {table} class="paper" width="100%" style="max-width:560px;background:{PAPER}">
<tr><td class="inside" style="padding:28px 36px 24px">
<span class="ink" style="font:620 19px/1 {FACE};letter-spacing:-.01em;color:{INK}">Forfald</span>
</td></tr>
<tr><td class="inside" style="padding:0 36px">{falling_edge(table)}</td></tr>
<tr><td class="inside" style="padding:12px 36px 36px">
<h1 class="ink" style="margin:0 0 16px;font:620 22px/1.3 {FACE};letter-spacing:-.015em;\
color:{INK}">{heading}</h1>
<p class="ink" style="{text}">{lead}</p>
<p class="ink" style="{text};margin-bottom:28px">{with_strong_facts(letter.next)}</p>
<table {table} class="act" style="min-width:200px"><tr>
<td class="button" align="center" bgcolor="{ACCENT}" style="background:{ACCENT};border-radius:6px">
<a href="{link}" style="display:inline-block;padding:13px 28px;font:560 16px/1.25 {FACE};\
color:{PAPER};text-decoration:none">{action}</a>
</td></tr></table>
<p class="ink-2" style="margin:28px 0 0;font:400 13px/1.5 {FACE};color:{INK_2}">\
{escape(letter.address)}<br>
<a class="link" href="{link}" style="color:{ACCENT};word-break:break-all">{link}</a></p>
</td></tr>
<tr><td class="inside" style="padding:0 36px 28px">
<div class="ink-2" style="padding-top:16px;border-top:1px solid {LINE};\
font:400 13px/1.5 {FACE};color:{INK_2}">{notes}</div>
</td></tr>
</table>
</td></tr></table>
</body>
</html>
"""


def falling_edge(table: str) -> str:
    """The house's one ornament: a level line that falls at its end, drawn with borders alone."""
    level = f"border-top:2px solid {INK};font-size:0;line-height:0"
    fall = (
        f"width:0;height:0;font-size:0;line-height:0;border-left:12px solid {ACCENT};"
        f"border-bottom:12px solid {PAPER}"
    )
    return (
        f'<table {table} width="100%"><tr>'
        f'<td class="ink" style="{level}">&nbsp;</td>'
        f'<td width="12" valign="top"><div class="fall" style="{fall}"></div></td>'
        f"</tr></table>"
    )


def with_strong_facts(pieces: Iterable[Piece]) -> str:
    """What happens next, its deadline in bold."""
    return "".join(
        f'<strong style="font-weight:620">{escape(piece.text)}</strong>'
        if piece.is_fact
        else escape(piece.text)
        for piece in pieces
    )
