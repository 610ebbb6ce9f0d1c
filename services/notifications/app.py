"""The one wiring place."""

from __future__ import annotations

from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from fastapi import FastAPI
from joserfc.jwk import ECKey

from services.notifications import api
from services.notifications.acts.lettering import Letterer
from services.notifications.acts.writing import Writer
from services.notifications.desk import Desk
from services.notifications.effects.letters import LetterDrawer, LetterFollower, LetterMailer
from services.notifications.effects.mails import MailFollower, MailSender
from services.notifications.effects.post import LetterPoster, PostFollower
from services.notifications.effects.pushes import PushSender
from services.notifications.events import (
    ClientEvent,
    DebtorEvent,
    DeliveryEvent,
    LetterEvent,
    PersonEvent,
    TextsEvent,
)
from services.notifications.gateways.print_partner import (
    NoPrintPartner,
    Pingen,
    PrintPartner,
)
from services.notifications.gateways.push import NoPushes, Pusher
from services.notifications.gateways.reports import Bounces, MailboxReports, NoReports
from services.notifications.gateways.smtp import SmtpMailer, SmtpServer
from services.notifications.gateways.web_push import A_P256_KEY, WebPush, public_point, push_key
from services.notifications.internal import internal_of
from services.notifications.model.device import BROWSERS_OWN, push_services
from services.notifications.pages import letters, messages, texts
from services.notifications.projections import INLINE
from services.notifications.publications import publications
from services.notifications.reactions import reactions
from services.notifications.schedules import JOBS
from services.notifications.subscriptions import subscriptions
from services.notifications.tables import read
from shared.copies import NoCopies, invoice_copies
from shared.eventstore.mapper import EventMapper
from shared.http import Transport
from shared.runtime import Runtime
from shared.service import Service, Surroundings
from shared.settings import Settings
from shared.web.app import web_app
from shared.web.doors import doorkeeper
from shared.web.mesh import mesh_of
from shared.web.operations import operations_of
from shared.work import Rules

_HERE: Final = Path(__file__).parent
SENDER_NAME: Final = "Forfald"
_BROWSERS: Final = " ".join(BROWSERS_OWN)
_ORIGINS: Final = "origins as https://host or https://*.host with spaces between"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})


def build(surroundings: Surroundings) -> Service:
    """Settings: `smtp_host`, `smtp_port`, `mail_from`, `mail_domain`, `public_url`; in the
    demonstration also `mailbox_url`, whose reports of bounces are then asked for. With
    `push_private_key`, devices that are registered get pushes through one of `push_services`. With
    `print_url`, `print_organisation`, `print_client` and `print_secret` letters leave by post; with
    `sync_url` they take the invoices' copies along.
    """
    settings = surroundings.settings
    public_url, mail_domain = settings.url("public_url"), settings["mail_domain"]
    sender = settings["mail_from"]
    writer = Writer(
        surroundings.address.dsn("notifications", "app"),
        surroundings.opened(),
        public_url=public_url,
        mail_domain=mail_domain,
    )
    letterer, smtp = lettering(surroundings), mailer(surroundings, sender, public_url)
    partner = print_partner(settings)
    return Service(
        name="notifications",
        rules=Rules(
            EventMapper(
                PersonEvent | ClientEvent | DeliveryEvent | DebtorEvent | LetterEvent | TextsEvent
            ),
            publications,
            reactions,
            INLINE,
        ),
        subscriptions=subscriptions,
        read=read,
        performers=[
            MailSender(writer, smtp),
            PushSender(writer, pusher(surroundings, sender)),
            MailFollower(reports(surroundings), sender=sender, mail_domain=mail_domain),
            LetterDrawer(letterer),
            LetterMailer(letterer, smtp),
            LetterFollower(reports(surroundings), sender=sender, mail_domain=mail_domain),
            LetterPoster(letterer, partner),
            PostFollower(partner),
        ],
        jobs=JOBS,
        migrations=_HERE / "migrations",
        web=web,
    )


def web(runtime: Runtime) -> FastAPI:
    """Settings: those of the doorkeeper; `bounce_token`, the bearer of the mail server that brings
    reports, without which the intake is closed; `mesh`, the networks of the services that fetch
    letters; optional `demo`.
    """
    surroundings = runtime.surroundings
    settings = surroundings.settings
    app = web_app(
        "notifications",
        doorkeeper=doorkeeper(surroundings, "notifications"),
        business_clock=surroundings.clock,
        api=[api.router],
        pages=[
            operations_of(runtime, own=messages.lately),
            messages.router,
            letters.router,
            texts.router,
        ],
        templates=[_HERE / "pages" / "templates"],
        https=settings.url("public_url").startswith("https://"),
    )
    app.include_router(internal_of(mesh_of(settings)), include_in_schema=False)
    app.state.demo = settings.is_on("demo")
    app.state.desk = Desk(
        runtime=runtime,
        vault=surroundings.opened(),
        mail_domain=settings["mail_domain"],
        bounce_token=settings.get("bounce_token"),
        push_key=public_point(key) if (key := own_push_key(settings)) else "",
        push_services=services_of(settings),
        letterer=lettering(surroundings),
    )
    return app


def mailer(surroundings: Surroundings, sender: str, public_url: str) -> SmtpMailer:
    host = surroundings.settings["smtp_host"]
    server = SmtpServer(
        host=host,
        port=surroundings.settings.port("smtp_port"),
        sender=sender,
        sender_name=SENDER_NAME,
        link_hosts=frozenset({urlsplit(public_url).netloc.lower()}),
        # Nothing leaves the machine on loopback, and the simulated mailbox has no certificate.
        starttls=host not in _LOOPBACK,
    )
    return SmtpMailer(server, surroundings.clock)


def lettering(surroundings: Surroundings) -> Letterer:
    settings = surroundings.settings
    return Letterer(
        surroundings.address.dsn("notifications", "app"),
        surroundings.opened(),
        # Without sync letters go without the invoices' copies.
        invoice_copies(settings) or NoCopies(),
        public_url=settings.url("public_url"),
        mail_domain=settings["mail_domain"],
    )


def print_partner(settings: Settings) -> PrintPartner:
    """Without its address nothing leaves by post."""
    if "print_url" not in settings:
        return NoPrintPartner()
    base = settings.url("print_url")
    return Pingen(
        Transport(base),
        base=base,
        organisation=settings["print_organisation"],
        client=settings["print_client"],
        secret=settings["print_secret"],
    )


def pusher(surroundings: Surroundings, sender: str) -> Pusher:
    settings = surroundings.settings
    key, services = own_push_key(settings), services_of(settings)
    if key is None:
        return NoPushes()
    return WebPush(key, contact=f"mailto:{sender}", services=services, wall=surroundings.wall)


def own_push_key(settings: Settings) -> ECKey | None:
    """Without one, no device can be registered."""
    if "push_private_key" not in settings:
        return None
    return settings.read("push_private_key", push_key, A_P256_KEY)


def services_of(settings: Settings) -> tuple[str, ...]:
    """The origins that a device's endpoint may be at: no other is ever called."""
    return settings.read("push_services", push_services, _ORIGINS, _BROWSERS)


def reports(surroundings: Surroundings) -> Bounces:
    settings = surroundings.settings
    if "mailbox_url" not in settings:
        return NoReports()
    return MailboxReports(Transport(settings.url("mailbox_url")))
