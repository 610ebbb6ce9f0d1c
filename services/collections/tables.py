"""The read tables. All but the timeline are written with each event, since guards rest on them."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from shared.projecting.read_schema import metadata

read = metadata()


def _when(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


claim = sa.Table(
    "claim",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("invoice_id", sa.Uuid, primary_key=True),
    sa.Column("claim_id", sa.Uuid, nullable=False),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    _when("since_at", nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("principal_minor", sa.BigInteger, nullable=False),
    sa.Column("blocking_minor", sa.BigInteger),
    sa.Column("charges_minor", sa.BigInteger, nullable=False),
    sa.Column("interest_minor", sa.BigInteger, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("due_on", sa.Date),
    sa.Column("warned_on", sa.Date),
    sa.Column("deadline_on", sa.Date),
    sa.Column("holds", JSONB, nullable=False),
    sa.Column("until_on", sa.Date),
    sa.Column("transfer_on", sa.Date),
    _when("goes_at"),
    sa.Column("case_id", sa.Uuid),
    sa.Index("claim_debtor", "tenant_id", "debtor_id"),
    sa.Index("claim_state", "tenant_id", "state"),
    sa.Index("claim_stream", "tenant_id", "claim_id"),
)

case = sa.Table(
    "collection_case",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    sa.Column("agency", sa.Text, nullable=False),
    sa.Column("state", sa.Text, nullable=False),
    _when("since_at", nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("principal_minor", sa.BigInteger, nullable=False),
    sa.Column("charges_minor", sa.BigInteger, nullable=False),
    sa.Column("interest_minor", sa.BigInteger, nullable=False),
    sa.Column("told_minor", sa.BigInteger, nullable=False),
    sa.Column("collected_minor", sa.BigInteger, nullable=False),
    sa.Column("paid_out_minor", sa.BigInteger, nullable=False),
    sa.Column("remaining_minor", sa.BigInteger),
    sa.Column("invoices", JSONB, nullable=False),
    sa.Column("numbers", JSONB, nullable=False),
    sa.Column("sent_on", sa.Date, nullable=False),
    sa.Column("automatic", sa.Boolean, nullable=False),
    sa.Column("agency_case_id", sa.Text),
    sa.Column("agency_reference", sa.Text),
    sa.Column("status", sa.Text),
    sa.Column("agency_code", sa.Text),
    sa.Column("code", sa.Text),
    sa.Column("recall_sought", sa.Boolean, nullable=False),
    sa.Column("untold", sa.Integer, nullable=False),
    sa.Index("collection_case_debtor", "tenant_id", "debtor_id"),
    sa.Index("collection_case_state", "tenant_id", "state"),
    sa.Index("collection_case_agency", "tenant_id", "agency_case_id"),
)

debtor = sa.Table(
    "debtor",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, primary_key=True),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("name", JSONB, nullable=False),
)

item = sa.Table(
    "open_item",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("entry_id", sa.Uuid, primary_key=True),
    sa.Column("debtor_id", sa.Uuid, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("number", sa.Text, nullable=False),
    sa.Column("currency", sa.Text, nullable=False),
    sa.Column("remaining_minor", sa.BigInteger, nullable=False),
    sa.Index("open_item_debtor", "tenant_id", "debtor_id"),
)
"""What remains of each thing on a customer's account; a payment or credit note with something left is
matched with nothing.
"""

agreement = sa.Table(
    "agreement",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("agency", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("link", sa.Text, nullable=False),
    sa.Column("contact", JSONB(none_as_null=True)),
    sa.Column("agreed_on", sa.Date),
)

timeline = sa.Table(
    "case_timeline",
    read,
    sa.Column("tenant_id", sa.Uuid, primary_key=True),
    sa.Column("case_id", sa.Uuid, primary_key=True),
    sa.Column("version", sa.Integer, primary_key=True),
    _when("at", nullable=False),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
)
