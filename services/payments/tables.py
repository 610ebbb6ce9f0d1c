"""The read tables. All but the timeline are written with each event, since guards rest on them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shared.projecting.read_schema import metadata

read = metadata()


def _when(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


order = sa.Table(
    "payment_order",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid, primary_key=True),
    sa.Column("invoice_id", sa.Uuid, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("revision", sa.Integer, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    _when("since_at", nullable=False),
    sa.Column("party_id", sa.Uuid, nullable=False),
    sa.Column("party_number", sa.Text, nullable=False),
    sa.Column("party_name", JSONB, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("issued_on", sa.Date, nullable=False),
    sa.Column("due_on", sa.Date, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("gross_minor", sa.BigInteger, nullable=False),
    sa.Column("remaining_minor", sa.BigInteger, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("account_kind", sa.Text),
    sa.Column("account", sa.Text),
    sa.Column("account_last4", sa.Text),
    sa.Column("reference", sa.Text),
    sa.Column("document", sa.Text),
    sa.Column("rail", sa.Text, nullable=False),
    sa.Column("pay_on", sa.Date, nullable=False),
    _when("latest_approval_at", nullable=False),
    sa.Column("execute_on", sa.Date),
    _when("release_at"),
    sa.Column("reasons", JSONB, nullable=False),
    sa.Column("warnings", JSONB, nullable=False),
    sa.Column("request_id", sa.Uuid),
    sa.Column("yes_by", JSONB, nullable=False),
    sa.Column("still_needed", sa.Integer),
    sa.Column("batch_id", sa.Uuid),
    sa.Column("executed_on", sa.Date),
    sa.Column("voucher", sa.Text),
    _when("bookkept_at"),
    sa.Index("payment_order_invoice", "tenant_id", "invoice_id"),
    sa.Index("payment_order_party", "tenant_id", "party_id"),
    sa.Index("payment_order_account", "tenant_id", "account"),
    sa.Index("payment_order_state", "tenant_id", "state"),
)

released = sa.Table(
    "released_order",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("end_to_end_id", sa.Text, primary_key=True),
    sa.Column("payment_id", sa.Uuid, nullable=False),
)
"""Which order an end-to-end id was given to; the bank's statement speaks in these."""

batch = sa.Table(
    "batch",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("batch_id", sa.Uuid, primary_key=True),
    sa.Column("bank_payment_id", sa.Text),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("rail", sa.Text, nullable=False),
    sa.Column("execute_on", sa.Date, nullable=False),
    sa.Column("count", sa.Integer, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("control_sum_minor", sa.BigInteger, nullable=False),
    sa.Column("sha256", sa.Text, nullable=False),
    _when("sealed_at", nullable=False),
)

paid = sa.Table(
    "paid_before",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid, primary_key=True),
    sa.Column("party_id", sa.Uuid, nullable=False),
    sa.Column("account", sa.Text),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("executed_on", sa.Date, nullable=False),
    sa.Column("position", sa.BigInteger, nullable=False),
    sa.Index("paid_before_party", "tenant_id", "party_id"),
)
"""What each supplier was paid, to which account: the history that warnings are drawn from."""

role = sa.Table(
    "person_role",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("role", sa.Text, primary_key=True),
)

person = sa.Table(
    "person",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("user_id", sa.Uuid, primary_key=True),
    sa.Column("name", JSONB, nullable=False),
)

credit_note = sa.Table(
    "credit_note",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("credit_note_id", sa.Uuid, primary_key=True),
    sa.Column("party_id", sa.Uuid, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("remaining_minor", sa.BigInteger, nullable=False),
)

line = sa.Table(
    "statement_line",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("line_id", sa.Uuid, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("bank_reference", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("amount_minor", sa.BigInteger, nullable=False),
    sa.Column("booked_on", sa.Date, nullable=False),
    sa.Column("fault", sa.Text),
)

timeline = sa.Table(
    "payment_timeline",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("payment_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    _when("at", nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("correlation_id", sa.Uuid, nullable=False),
)
