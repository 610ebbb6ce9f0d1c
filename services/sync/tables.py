"""The read tables: the mirror of both ledgers, connections and runs, documents, postings."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shared.projecting.read_schema import metadata

read = metadata()
_INSTANT = sa.DateTime(timezone=True)

connection = sa.Table(
    "connection",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("connection_id", sa.Uuid, primary_key=True),
    sa.Column("time_zone", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("standing", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("consent", JSONB(none_as_null=True)),
    sa.Column("base_currency", sa.Text),
    sa.Column("cursor", sa.Text),
)
control_total = sa.Table(
    "control_total",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("side", sa.Text, primary_key=True),
    sa.Column("ledger_total_minor", sa.BigInteger, nullable=False),
    sa.Column("mirror_total_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("drifts", sa.Boolean, nullable=False),
    sa.Column("read_at", _INSTANT, nullable=False),
)
run = sa.Table(
    "run",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("run_id", sa.Uuid, primary_key=True),
    sa.Column("asked_by", sa.Text, nullable=False),
    sa.Column("started_at", _INSTANT, nullable=False),
    sa.Column("ended_at", _INSTANT),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("reason", sa.Text),
    sa.Column("pages", sa.Integer, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("told", sa.Integer, nullable=False),
    sa.Column("parked", JSONB, nullable=False),
    sa.Index("run_by_start", "tenant_id", "started_at"),
)
party = sa.Table(
    "party",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("party_id", sa.Uuid, nullable=False),
    sa.Column("name", JSONB, nullable=False),
    sa.Column("blocked", sa.Boolean, nullable=False),
    sa.Column("print", sa.Text, nullable=False),
    sa.Column("name_print", sa.Text, nullable=False),
    sa.Column("vat_print", sa.Text),
    sa.Column("account_print", sa.Text),
)
customer = sa.Table(
    "customer",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.BigInteger, primary_key=True),
    sa.Column("party_id", sa.Uuid, nullable=False),
    sa.Column("name", JSONB, nullable=False),
    sa.Column("print", sa.Text, nullable=False),
)
item = sa.Table(
    "item",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("entry_number", sa.BigInteger, primary_key=True),
    sa.Column("item_id", sa.Uuid, nullable=False, unique=True),
    sa.Column("side", sa.Text, nullable=False),
    sa.Column("party_number", sa.Text, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("year", sa.Text, nullable=False),
    sa.Column("voucher", sa.BigInteger, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("print", sa.Text, nullable=False),
    sa.Column("remaining_minor", sa.BigInteger, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("historical", sa.Boolean, nullable=False),
    sa.Column("lacks_copy", sa.Boolean, nullable=False),
    sa.Column("against", JSONB, nullable=False),
    sa.Column("missed_at", _INSTANT),
    sa.Column("withdrawn", sa.Boolean, nullable=False),
    sa.Index("item_by_party", "tenant_id", "side", "party_number"),
    sa.Index("item_by_number", "tenant_id", "side", "number"),
)
charge_line = sa.Table(
    "charge_line",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("entry_number", sa.BigInteger, nullable=False),
)
document = sa.Table(
    "document",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("document_id", sa.Uuid, primary_key=True),
    sa.Column("received_at", _INSTANT, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("copy", JSONB, nullable=False),
    sa.Column("reading", JSONB(none_as_null=True)),
    sa.Column("supplier_number", sa.BigInteger),
    sa.Column("code", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Column("voucher", sa.Text),
    sa.Column("entry_number", sa.BigInteger),
    sa.Index("document_by_arrival", "tenant_id", "received_at"),
    sa.Index("document_by_entry", "tenant_id", "entry_number"),
)
posting = sa.Table(
    "posting",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("posting_id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid),
    sa.Column("invoice_id", sa.Uuid),
    sa.Column("token", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("sought_at", _INSTANT, nullable=False),
    sa.Column("voucher_on", sa.Date),
    sa.Column("voucher", sa.Text),
    sa.Column("posted_on", sa.Date),
    sa.Column("code", sa.Text),
    sa.Column("reason", sa.Text),
    sa.Index("posting_by_state", "tenant_id", "state", "sought_at"),
)
