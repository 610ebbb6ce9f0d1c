"""The one wiring place of payments."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI

from services.payments.acts.releasing import Releaser
from services.payments.api import api_of
from services.payments.desk import Desk
from services.payments.effects import CancelBatch, PollStatus, ReadStatement, SendBatch
from services.payments.events import EVENTS
from services.payments.gateways.bank import Bank
from services.payments.gateways.berlin_group import BerlinGroupBank, Connection
from services.payments.gateways.opening import Opener
from services.payments.pages.acts import changes_of, later_of
from services.payments.pages.fragments import fragments_of, pipeline_of
from services.payments.pages.payables import payables_of
from services.payments.pages.payment import payment_of
from services.payments.projections import FOLLOWED, INLINE
from services.payments.publications import publications
from services.payments.reactions import reactions
from services.payments.schedules import jobs
from services.payments.subscriptions import Verifier, subscriptions
from services.payments.tables import read
from shared.eventstore.mapper import EventMapper
from shared.http import Limits, Transport
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.web.app import web_app
from shared.web.doors import doorkeeper
from shared.web.operations import operations_of
from shared.work import Rules

_TEMPLATES = Path(__file__).parent / "pages" / "templates"
_PRODUCT = "domestic-credit-transfers"
_OUR_OWN_MACHINE = "127.0.0.1"
_THEIR_KEY = "the 32 bytes of an Ed25519 public key in hex or base64"
Build = Callable[[Surroundings], Service]


def build(surroundings: Surroundings) -> Service:
    """Payments on the bank that its settings name."""
    return build_with(bank_of(surroundings))(surroundings)


def build_with(bank: Bank) -> Build:
    """Payments on a bank that is given."""

    def build_(surroundings: Surroundings) -> Service:
        opener = Opener(surroundings.opened())
        releaser = Releaser(bank, opener)

        def web(runtime: Runtime) -> FastAPI:
            desk = Desk(runtime, opener, releaser)
            app = web_app(
                "payments",
                doorkeeper=doorkeeper(runtime.surroundings, "payments"),
                business_clock=runtime.clock,
                api=[api_of(desk)],
                pages=[
                    operations_of(runtime, own=pipeline_of(runtime)),
                    fragments_of(runtime),
                    payables_of(desk),
                    payment_of(desk),
                    changes_of(desk),
                    later_of(desk),
                ],
                templates=[_TEMPLATES],
            )
            app.state.demo = runtime.surroundings.settings.is_on("demo")
            return app

        key = surroundings.settings.read("approvals_public_key", public_key, _THEIR_KEY)
        return Service(
            name="payments",
            rules=Rules(EventMapper(EVENTS), publications, reactions, INLINE),
            subscriptions=subscriptions(Verifier(opener, key)),
            read=read,
            followed=FOLLOWED,
            performers=(
                SendBatch(bank, opener),
                PollStatus(bank),
                ReadStatement(bank, opener),
                CancelBatch(bank),
            ),
            jobs=jobs(releaser),
            migrations=Path(__file__).parent / "migrations",
            web=web,
        )

    return build_


def bank_of(surroundings: Surroundings) -> Bank:
    """The bank that the settings name, over the Berlin Group's interface.

    One connection, one payment product; the consent's id, the product and how long to wait for an
    answer have defaults that a real bank's agreement replaces.
    """
    settings = surroundings.settings
    token = settings["bank_token"]
    limits = Limits(read=settings.seconds("bank_timeout", Limits().read))
    return BerlinGroupBank(
        Transport(settings.url("bank_url"), limits=limits),
        Connection(
            product=settings.get("bank_product", _PRODUCT),
            consent_id=settings.get("bank_consent"),
            psu_ip_address=settings.get("bank_psu_ip_address", _OUR_OWN_MACHINE),
            token=lambda: token,
        ),
    )


def public_key(text: str) -> Ed25519PublicKey:
    """The pinned key of the approvals service. Raises ValueError."""
    try:
        raw = bytes.fromhex(text)
    except ValueError:
        raw = base64.b64decode(text, validate=True)
    return Ed25519PublicKey.from_public_bytes(raw)
