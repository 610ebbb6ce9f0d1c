"""The facts that the reports count, each with the day it is about and the time it was known.

A row is a statement: it holds for its own days (`issued_on`, `value_on`, …) and was known from
`recorded_at` until `superseded_at`, when a later statement took its place. Nothing is overwritten, so
that a report can be asked for any day as it was known at any time.
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.dunning.tables.metadata import read


def _key(name: str, kind: type[Any] = sa.Uuid) -> sa.Column[object]:
    return sa.Column(name, kind, primary_key=True)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date, nullable=nullable)


def _at(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _text(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Text, nullable=nullable)


def _minor(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _known() -> tuple[sa.Column[object], sa.Column[object]]:
    return _at("recorded_at", nullable=False), _at("superseded_at")


creditor = sa.Table(
    "fact_creditor",
    read,
    _key("tenant_id"),
    _key("version", sa.Integer),
    _text("country"),
    _text("time_zone"),
    *_known(),
)

debtor = sa.Table(
    "fact_debtor",
    read,
    _key("tenant_id"),
    _key("debtor_id"),
    _key("version", sa.Integer),
    _text("number"),
    sa.Column("name", JSONB, nullable=False),
    _text("kind"),
    _text("country"),
    *_known(),
)

invoice = sa.Table(
    "fact_invoice",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("version", sa.Integer),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    _text("number"),
    _day("issued_on"),
    _day("due_on"),
    _text("currency"),
    _minor("gross_minor"),
    _text("base_currency"),
    _minor("gross_base_minor"),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    _day("settled_on", nullable=True),
    _at("settled_at"),
    *_known(),
    sa.Index("fact_invoice_debtor", "tenant_id", "debtor_id"),
    sa.Index("fact_invoice_issued", "tenant_id", "issued_on"),
)
"""Its booking rate is base over gross; one that is `withdrawn` is gone from the ledger.

Most invoices are paid and stay so: from `settled_on`, as known from `settled_at`, nothing is open of
them, so that nobody needs to add up their movements. Who looks from earlier adds them up.
"""

movement = sa.Table(
    "fact_movement",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("version", sa.Integer),
    _key("line", sa.Integer),
    sa.Column("entry_id", sa.Uuid, nullable=False),
    _text("kind"),
    _minor("amount_minor"),
    _day("value_on"),
    _day("matched_on"),
    sa.Column("correction", sa.Boolean, nullable=False),
    sa.Column("through_agency", sa.Boolean, nullable=False),
    *_known(),
    sa.Index("fact_movement_entry", "tenant_id", "entry_id"),
    sa.Index("fact_movement_value", "tenant_id", "value_on"),
)
"""What reduces an invoice's principal. What the ledger says is gone without saying by what stands
under the invoice's own id, from the day it was told."""

credit = sa.Table(
    "fact_credit",
    read,
    _key("tenant_id"),
    _key("item_id"),
    _key("version", sa.Integer),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    _text("kind"),
    _text("number"),
    _day("dated_on"),
    _text("currency"),
    _minor("amount_minor"),
    _minor("amount_base_minor", nullable=True),
    _minor("remaining_minor"),
    *_known(),
    sa.Index("fact_credit_debtor", "tenant_id", "debtor_id"),
)

charge = sa.Table(
    "fact_charge",
    read,
    _key("tenant_id"),
    _key("charge_id"),
    sa.Column("invoice_id", sa.Uuid, nullable=False),
    _text("kind"),
    _text("category", nullable=True),
    sa.Column("level", sa.Integer),
    _text("currency"),
    _minor("amount_minor"),
    _day("charged_on"),
    _at("recorded_at", nullable=False),
    sa.Index("fact_charge_invoice", "tenant_id", "invoice_id"),
)

charge_movement = sa.Table(
    "fact_charge_movement",
    read,
    _key("tenant_id"),
    _key("charge_id"),
    _key("invoice_id"),
    _key("version", sa.Integer),
    _text("kind"),
    _text("code"),
    _minor("amount_minor"),
    _day("effective_on"),
    sa.Column("claim_waived", sa.Boolean, nullable=False),
    _at("recorded_at", nullable=False),
)
"""What becomes of a charge: paid, written_off or reversed, positive; a payment taken back is negative."""

posting = sa.Table(
    "fact_posting",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("posting", sa.Integer),
    _day("voucher_on"),
    _at("recorded_at", nullable=False),
    _day("posted_on", nullable=True),
    _text("voucher", nullable=True),
    _at("posted_at"),
    _text("failure", nullable=True),
    _at("failed_at"),
)

posting_line = sa.Table(
    "fact_posting_line",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("posting", sa.Integer),
    _key("line", sa.Integer),
    sa.Column("charge_id", sa.Uuid, nullable=False),
    _text("currency"),
    _minor("amount_minor"),
    sa.Index("fact_posting_line_charge", "tenant_id", "charge_id"),
)

notice_line = sa.Table(
    "fact_notice_line",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("version", sa.Integer),
    sa.Column("notice_id", sa.Uuid, nullable=False),
    _text("category"),
    sa.Column("level", sa.Integer, nullable=False),
    _day("sent_on"),
    _day("deadline_on", nullable=True),
    _text("currency"),
    _minor("principal_minor"),
    _text("channel"),
    *_known(),
    sa.Index("fact_notice_line_notice", "tenant_id", "notice_id"),
    sa.Index("fact_notice_line_sent", "tenant_id", "sent_on"),
)
"""An invoice of a letter that counts as sent: soft, reminder, warning or statement."""

delivery = sa.Table(
    "fact_delivery",
    read,
    _key("tenant_id"),
    _key("notice_id"),
    _key("version", sa.Integer),
    sa.Column("number", sa.Integer, nullable=False),
    _text("channel"),
    sa.Column("failed", sa.Boolean, nullable=False),
    _day("happened_on"),
    _at("recorded_at", nullable=False),
)
"""A letter's deliveries; a later one says that the one before has failed."""

case = sa.Table(
    "fact_case",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("version", sa.Integer),
    sa.Column("case_id", sa.Uuid, nullable=False),
    _text("agency"),
    _day("handed_over_on"),
    _text("currency"),
    _minor("principal_minor"),
    _minor("charges_minor"),
    _minor("interest_minor"),
    _at("recorded_at", nullable=False),
    _day("taken_back_on", nullable=True),
    _text("taken_back_code", nullable=True),
    _at("taken_back_at"),
    sa.Index("fact_case_handed", "tenant_id", "handed_over_on"),
)

wait = sa.Table(
    "fact_wait",
    read,
    _key("tenant_id"),
    _key("subject_id"),
    _key("version", sa.Integer),
    _text("scope"),
    _text("kind"),
    _text("code"),
    _day("from_on"),
    _day("until_on", nullable=True),
    _text("begun_by"),
    _at("recorded_at", nullable=False),
    _day("ended_on", nullable=True),
    _at("ended_at"),
)
"""Why an invoice or a debtor is not reminded: paused, excluded, disputed or frozen.

`until_on` counts as waiting; `ended_on` is the first day after it was ended before that.
"""

assignment = sa.Table(
    "fact_assignment",
    read,
    _key("tenant_id"),
    _key("debtor_id"),
    _key("version", sa.Integer),
    _text("name", nullable=True),
    _text("code"),
    _day("assigned_on"),
    _text("assigned_by"),
    _at("recorded_at", nullable=False),
)

timeline = sa.Table(
    "fact_timeline",
    read,
    _key("tenant_id"),
    _key("name", sa.Text),
    _key("version", sa.Integer),
    sa.Column("is_statement", sa.Boolean, nullable=False),
    sa.Column("every_days", sa.Integer),
    *_known(),
)

main_timeline = sa.Table(
    "fact_main_timeline",
    read,
    _key("tenant_id"),
    _key("version", sa.Integer),
    _text("name"),
    *_known(),
)

plan = sa.Table(
    "fact_plan",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("version", sa.Integer),
    _text("category", nullable=True),
    sa.Column("step", sa.Integer),
    _day("planned_on", nullable=True),
    *_known(),
)

held = sa.Table(
    "fact_held",
    read,
    _key("tenant_id"),
    _key("invoice_id"),
    _key("version", sa.Integer),
    _text("code"),
    *_known(),
)
"""Where an invoice stands before collection: `ready`, or the reason why it waits."""

control = sa.Table(
    "fact_control",
    read,
    _key("tenant_id"),
    _key("daily_id"),
    _day("read_on"),
    _text("currency"),
    _minor("ledger_minor"),
    _minor("mirror_minor"),
    _at("recorded_at", nullable=False),
)

frozen = sa.Table(
    "fact_frozen",
    read,
    _key("tenant_id"),
    _key("report_id"),
    _text("kind"),
    _text("period"),
    _at("known_at", nullable=False),
    _text("sha256"),
    _text("media_type"),
    _minor("size_bytes"),
    _text("frozen_by"),
    _at("recorded_at", nullable=False),
)
