"""How each invoice, debtor and letter stands: written with each event, since guards rest on it."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from services.dunning.tables.metadata import read


def _when(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


receivable = sa.Table(
    "receivable",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("invoice_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("gross_minor", sa.BigInteger, nullable=False),
    sa.Column("principal_minor", sa.BigInteger, nullable=False),
    sa.Column("charges_minor", sa.BigInteger, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("settled_on", sa.Date),
    sa.Column("followed", sa.Boolean, nullable=False),
    sa.Column("step", sa.Integer),
    sa.Column("kind", sa.Text),
    sa.Column("charged", sa.Boolean),
    sa.Column("planned_on", sa.Date),
    sa.Column("because", sa.Text),
    sa.Column("listed_on", sa.Date),
    sa.Column("skipped", sa.Text),
    sa.Column("notice_id", sa.Uuid),
    sa.Column("last_kind", sa.Text),
    sa.Column("last_sent_on", sa.Date),
    sa.Column("deadline_on", sa.Date),
    sa.Column("paused", sa.Text),
    sa.Column("paused_until_on", sa.Date),
    sa.Column("disputed", sa.Text),
    sa.Column("taken_back", sa.Text),
    sa.Column("ready_on", sa.Date),
    sa.Column("held", sa.Text),
    sa.Column("case_id", sa.Uuid),
    # What is due is found without looking at what is not.
    sa.Index(
        "receivable_due",
        "tenant_id",
        "planned_on",
        postgresql_where=sa.text("planned_on is not null and notice_id is null"),
    ),
    sa.Index(
        "receivable_listed",
        "tenant_id",
        "debtor_id",
        postgresql_where=sa.text("listed_on is not null"),
    ),
    sa.Index(
        "receivable_open",
        "tenant_id",
        "debtor_id",
        "due_on",
        postgresql_where=sa.text("state = 'open'"),
    ),
    sa.Index("receivable_debtor", "tenant_id", "debtor_id"),
    sa.Index("receivable_number", "tenant_id", "number"),
)

charge = sa.Table(
    "charge",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("invoice_id", sa.Uuid, primary_key=True),
    sa.Column("charge_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("paid_minor", sa.BigInteger, nullable=False),
    sa.Column("written_off_minor", sa.BigInteger, nullable=False),
    sa.Column("reversed_minor", sa.BigInteger, nullable=False),
    sa.Column("charged_on", sa.Date, nullable=False),
    sa.Column("notice_id", sa.Uuid),
    sa.Column("entry_id", sa.Uuid),
    sa.Index("charge_entry", "tenant_id", "entry_id"),
)
"""What each charge comes to by now; an invoice's charges are the sum of what is open of these."""

debtor = sa.Table(
    "debtor",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Text),
    sa.Column("name", JSONB),
    sa.Column("kind", sa.Text),
    sa.Column("country", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("timeline", sa.Text),
    sa.Column("collective", sa.Boolean),
    sa.Column("excluded", sa.Text),
    sa.Column("excluded_until_on", sa.Date),
    sa.Column("frozen", sa.Text),
    sa.Column("channels", JSONB, nullable=False),
    sa.Column("faults", JSONB, nullable=False),
    sa.Column("statement_on", sa.Date),
    sa.Column("statement_listed_on", sa.Date),
    sa.Column("statement_skipped", sa.Text),
    sa.Index(
        "debtor_statement",
        "tenant_id",
        "debtor_id",
        "statement_on",
        postgresql_where=sa.text("statement_on is not null"),
    ),
)

credit = sa.Table(
    "credit",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("item_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("dated_on", sa.Date, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("remaining_minor", sa.BigInteger, nullable=False),
    sa.Index("credit_debtor", "tenant_id", "debtor_id"),
)

notice = sa.Table(
    "notice",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("notice_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("level", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("pay_by_on", sa.Date),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("total_minor", sa.BigInteger, nullable=False),
    sa.Column("invoices", JSONB, nullable=False),
    sa.Column("channel", sa.Text),
    _when("sent_at"),
    sa.Column("document", sa.Text),
    sa.Column("media_type", sa.Text),
    sa.Column("pages", sa.Integer),
    sa.Column("code", sa.Text),
    sa.Index("notice_debtor", "tenant_id", "debtor_id"),
    sa.Index("notice_state", "tenant_id", "state"),
)

mirror = sa.Table(
    "mirror",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    _when("as_of_at", nullable=False),
)
"""When the creditor's whole ledger was last begun to be read."""
