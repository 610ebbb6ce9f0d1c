"""A letter as a mail to the debtor: what it says again, with the letter itself attached.

The subject names the creditor and nothing of the debt, since it is read over shoulders and on locked
screens. Its HTML is one column by hand, as of all our mails; the only web address is the debtor's page.
"""

from __future__ import annotations

from html import escape
from uuid import UUID

from services.notifications.model.address import parse_address
from services.notifications.model.document import Document, Row
from services.notifications.model.layout import (
    ACCENT,
    FACE,
    GROUND,
    INK,
    INK_2,
    LINE,
    PAPER,
    STYLE,
)
from services.notifications.model.letters import letters_in
from services.notifications.model.mail import Attached, Mail, message_id, plain_link
from services.notifications.model.texts import Language
from services.notifications.model.wording import fill, plain
from services.notifications.values import LetterKind

_TABLE = 'role="presentation" cellpadding="0" cellspacing="0" border="0" style="border-collapse:collapse"'


def compose_letter_mail(
    document: Document,
    delivery_id: UUID,
    *,
    to: str,
    mail_domain: str,
    reply_to: str | None,
    letter: bytes,
    has_copy: bool,
) -> Mail:
    """Raises ValueError for a reader who is not exactly one mail address, and for an odd page."""
    words = letters_in(Language(document.language))
    if document.portal:
        plain_link(document.portal)
    subject = words.subject[LetterKind(document.kind)]
    attached = words.attached.many if has_copy else words.attached.one
    return Mail(
        to=parse_address(to),
        subject=plain(fill(subject, {"creditor_name": document.sender})),
        text=as_text(document, attached),
        html=as_html(document, attached),
        message_id=message_id(delivery_id, mail_domain),
        reply_to=None if reply_to is None else parse_address(reply_to),
        sender_name=document.sender,
        attached=(Attached(f"{document.kind}.pdf", letter, "application/pdf"),),
    )


def as_text(document: Document, attached: str) -> str:
    due = f"{document.due_label}: {document.due_on}\n" if document.due_label else ""
    blocks = [
        document.title,
        document.greeting,
        *(paragraph.text for paragraph in document.body),
        "\n".join(row_in_words(row, document) for row in document.rows),
        f"{due}{document.total_label}: {document.total}",
        "\n".join(
            f"{one.number}  {one.reference_label} {one.account} {one.reference}  {one.amount}"
            for one in document.slip
        ),
        *document.notes,
        f"{document.portal_text}\n{document.portal}" if document.portal else "",
        attached,
        *document.closing,
        f"{document.regards}\n{document.sender}",
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def row_in_words(row: Row, document: Document) -> str:
    due = f", {document.columns['due_on']} {row.due_on}" if row.due_on else ""
    return f"{row.number}{due}: {row.total}"


def as_html(document: Document, attached: str) -> str:
    def paragraph(text: str, *, strong: bool = False, soft: bool = False) -> str:
        ink, weight = (INK_2, 400) if soft else (INK, 620 if strong else 400)
        name = "ink-2" if soft else "ink"
        return (
            f'<p class="{name}" style="margin:0 0 14px;font:{weight} 15px/1.5 {FACE};color:{ink}">'
            f"{escape(text)}</p>"
        )

    cell = f'class="ink" style="padding:8px 0;border-bottom:1px solid {LINE};font:400 15px/1.4 {FACE};color:{INK}"'
    rows = "".join(
        f"<tr><td {cell}>{escape(row.number)}"
        f'<br><span class="ink-2" style="font-size:13px;color:{INK_2}">'
        f"{escape(document.columns['due_on'])} {escape(row.due_on)}</span></td>"
        f'<td {cell} align="right" valign="top">{escape(row.total)}</td></tr>'
        for row in document.rows
    )
    slip = "".join(
        f'<p class="ink" style="margin:0 0 4px;font:400 15px/1.5 {FACE};color:{INK}">'
        f'<span class="ink-2" style="color:{INK_2}">{escape(one.number)} {escape(one.reference_label)}</span> '
        f"<strong>{escape(f'{one.account} {one.reference}'.strip())}</strong></p>"
        for one in document.slip
    )
    due = (
        f'<span class="ink-2" style="color:{INK_2};font:400 13px/1.5 {FACE}">'
        f"{escape(document.due_label)}</span><br>{escape(document.due_on)}"
        if document.due_label
        else ""
    )
    page = (
        f'<p class="ink" style="margin:14px 0;font:400 15px/1.5 {FACE};color:{INK}">'
        f'{escape(document.portal_text)}<br><a class="link" href="{escape(document.portal)}" '
        f'style="color:{ACCENT}">{escape(document.portal)}</a></p>'
        if document.portal
        else ""
    )
    return f"""<!doctype html>
<html lang="{document.language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{escape(document.title)}</title><style>{STYLE}</style></head>
<body class="ground" style="margin:0;background:{GROUND}">
<table {_TABLE} width="100%"><tr><td class="around" align="center" style="padding:24px 12px">
<table {_TABLE} class="paper" width="600" style="width:100%;max-width:600px;background:{PAPER}">
<tr><td class="inside" style="padding:28px 36px">
<p class="ink-2" style="margin:0 0 18px;font:400 13px/1.5 {FACE};color:{INK_2}">{escape(document.sender)}</p>
<h1 class="ink" style="margin:0 0 16px;font:620 24px/1.25 {FACE};color:{INK}">{escape(document.title)}</h1>
{paragraph(document.greeting)}
{"".join(paragraph(one.text, strong=one.clause == "payment_demand") for one in document.body)}
<table {_TABLE} width="100%">{rows}</table>
<table {_TABLE} width="100%" style="margin:18px 0"><tr>
<td class="ink" style="font:620 17px/1.4 {FACE};color:{INK}">{due}</td>
<td class="ink" align="right" style="font:620 22px/1.4 {FACE};color:{INK}">
<span class="ink-2" style="color:{INK_2};font:400 13px/1.5 {FACE}">{escape(document.total_label)}</span><br>
{escape(document.total)}</td></tr></table>
{slip}{page}
{"".join(paragraph(note) for note in document.notes)}
{paragraph(attached)}
{"".join(paragraph(part) for part in document.closing)}
{paragraph(document.regards)}{paragraph(document.sender, strong=True)}
{paragraph("  ·  ".join((*document.sender_lines, *(f"{fact.label} {fact.value}".strip() for fact in document.sender_facts))), soft=True)}
</td></tr></table>
</td></tr></table>
</body>
</html>
"""
