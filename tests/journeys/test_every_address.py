"""Every address of every service: looking changes nothing, what is another's is not there, and
nothing private is left behind in logs, traces, figures and messages.

Links are followed as a mail scanner or a search engine would; what they lead to says the ids that the
other addresses take, those of the API included. An address that nobody can show fails the test.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from hashlib import sha256
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from forfald.house import SERVICES
from services.sync.acts.intake import receive
from services.tenants.acts.demo import (
    ELSA,
    FJORDVIG,
    HENRIK,
    METTE,
    NORDLYS,
    SOREN,
    STRANDGADE,
    Client,
    Persona,
)
from shared.postgres import Server
from shared.web.problem import NOT_FOUND
from tests.journeys.crawler import Address, Visitor, addresses
from tests.journeys.house import House
from tests.journeys.office import opened
from tests.journeys.private import secrets, stream, telemetry, telemetry_in
from tests.sync.documents import document

Known = Mapping[str, str]
# On a good morning nothing has been set aside, nothing waits for an answer, nobody is in collection,
# no change is being tried and no month is over; a letter's link stands in the letter alone.
NEVER_THERE = {"topic": "forfald.payments.order.v1", "partition": "0", "seq": "1",
               **{name: str(uuid4()) for name in ("effect_id", "case_id", "trial_id", "report_id")},
               "notice_id": str(uuid4()), "token": "a" * 43}  # fmt: skip
# No link leads there.
ELSEWHERE = {**NEVER_THERE, "agency_id": str(STRANDGADE.agency_id), "code": NOT_FOUND.code}
# Its rows say when somebody looked last, and no event follows from them.
BESIDE_THE_STREAMS = {"tenants.public.session"}
# Parameters that are the same for everybody.
NOBODYS = {"published", "code", "number", "agency_id"}
HERS = {name: str(NORDLYS.client_id) for name in ("tenant_id", "client_id")}
OTHERS_MAILS = "/approvals/links"
A_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHA256_LETTERS = 64
BAD_REQUEST, SERVER_ERROR = 400, 500
LOOKS, LIKE_THESE = 150, 2


@dataclass(frozen=True)
class Site:
    """The house with its doors open. `before`: all it held before anybody looked; `known`: see crawl."""

    house: House
    url: str
    addresses: tuple[Address, ...]
    before: dict[str, list[str]]
    known: list[Known]
    dead_ends: set[tuple[str, str]]
    telemetry: str

    @contextmanager
    def visitors(self, *people: Persona | None) -> Iterator[list[Visitor]]:
        with ExitStack() as stack:
            yield [
                stack.enter_context(Visitor.to(self.url, self.house, person)) for person in people
            ]


@pytest.fixture(scope="module")
def site(postgres_server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("telemetry")
    with ExitStack() as stack:
        with telemetry_in(folder):
            house, url = stack.enter_context(opened(postgres_server))
            arrived = document("peppol-dk-fik71.xml")
            vault = house.vault
            house.work("sync", FJORDVIG.client_id, lambda work: receive(work, vault, arrived))
            house.settle()
            before, there = everything(house), tuple(addresses(house))
            known, dead_ends = crawl(house, url, there)
        yield Site(house, url, there, before, known, dead_ends, telemetry(folder))


def crawl(
    house: House, url: str, there: Sequence[Address]
) -> tuple[list[Known], set[tuple[str, str]]]:
    """Follow every link as three people would: the parameters of every address that they come by,
    and the links that lead whom they are shown to nowhere. A mail may be somebody else's.
    """
    known: list[Known] = []
    dead_ends: set[tuple[str, str]] = set()
    reached: set[str] = set()
    for who in (METTE, HENRIK, None):
        with Visitor.to(url, house, who) as visitor:
            for path in visitor.crawl("/", "/mailbox/"):
                reached.add(path)
                known += [found for address in there if (found := address.read(path))]
            dead_ends |= visitor.dead_ends
    mails = {(page, end) for page, end in dead_ends if page.startswith("/mailbox/")}
    return known, dead_ends - {(page, end) for page, end in mails if end in reached}


def values(known: Sequence[Known], client: Client | None = None) -> dict[str, list[str]]:
    """What each parameter may be: anywhere, or at one client."""
    found: dict[str, set[str]] = {name: {value} for name, value in ELSEWHERE.items()}
    for one in known:
        if client is None or one.get("tenant_id", "") in {"", str(client.client_id)}:
            for name, value in one.items():
                found.setdefault(name, set()).add(value)
    found["client_id"] = found["tenant_id"]
    return {name: sorted(each) for name, each in found.items()}


def everything(house: House) -> dict[str, list[str]]:
    """All rows of all tables of all services."""
    found = {}
    for service in SERVICES:
        with psycopg.connect(house.server.dsn(house.address.database(service))) as connection:
            tables = connection.execute(
                "select schemaname, tablename from pg_tables where schemaname in ('public', 'read')"
            ).fetchall()
            for place in tables:
                query = sql.SQL("select t::text from {} t").format(sql.Identifier(*place))
                rows = connection.execute(query).fetchall()
                found[".".join((service, *place))] = sorted(row[0] for row in rows)
    return {name: rows for name, rows in found.items() if name not in BESIDE_THE_STREAMS}


@pytest.mark.property_("P2")
def test_no_sequence_of_looks_changes_anything(site: Site) -> None:
    known = values(site.known)
    chance = random.Random(1)
    with site.visitors(METTE, HENRIK, None) as people:
        for _ in range(LOOKS):
            address = chance.choice(site.addresses)
            path = address.path({name: chance.choice(known[name]) for name in address.parameters})
            method = chance.choice(["GET", "HEAD"])
            answer = chance.choice(people).ask(address, path, method)
            assert answer.status_code < SERVER_ERROR, path
    site.house.settle()
    assert everything(site.house) == site.before


def test_every_address_is_shown_to_somebody(site: Site) -> None:
    """Else the other tests of this file would ask for nothing."""
    fjordvig = values(site.known, FJORDVIG)
    with site.visitors(METTE, HENRIK, SOREN) as people:
        unseen = {
            address.template
            for address in site.addresses
            if not NEVER_THERE.keys() & set(address.parameters)
            and not any(
                person.ask(address, path).status_code < BAD_REQUEST
                for person in people
                for path in paths(address, fjordvig)
            )
        }
    assert unseen == set()


def test_no_link_leads_nowhere(site: Site) -> None:
    """But for those in the mails of others."""
    dead_ends = {ends for ends in site.dead_ends if not any(OTHERS_MAILS in end for end in ends)}
    assert dead_ends == set()


def paths(address: Address, known: Mapping[str, Sequence[str]]) -> set[str]:
    """With the values of each parameter side by side, until each has been used."""
    longest = max((len(known[name]) for name in address.parameters), default=1)
    return {
        address.path({
            name: known[name][turn % len(known[name])] for name in address.parameters
        })
        for turn in range(longest)
    }  # fmt: skip


@pytest.mark.property_("P9")
@pytest.mark.property_("P14")
@pytest.mark.parametrize("under", ["their client", "her own client"])
def test_what_is_another_clients_looks_like_what_is_not_there(site: Site, under: str) -> None:
    theirs = values(site.known, FJORDVIG)
    hers = HERS if under == "her own client" else {}
    told_apart = set()
    with site.visitors(ELSA) as [elsa]:
        for address in site.addresses:
            strange = [name for name in address.parameters if name not in NOBODYS]
            for turn in range(LIKE_THESE if strange else 0):
                there = {name: each[turn % len(each)] for name, each in theirs.items()}
                nowhere = there | {name: made_up(there[name]) for name in strange}
                if told(elsa, address, there | hers) != told(elsa, address, nowhere | hers):
                    told_apart.add(address.template)
    assert told_apart == set()


def made_up(value: str) -> str:
    """Of the same kind, and nobody's."""
    if A_UUID.fullmatch(value):
        return str(uuid4())
    return sha256(value.encode()).hexdigest() if len(value) == SHA256_LETTERS else value[::-1]


def told(visitor: Visitor, address: Address, ids: Known) -> tuple[int, str]:
    """The answer, but for what was asked."""
    answer = visitor.ask(address, address.path(ids))
    text = answer.text
    for name in address.parameters:
        text = text.replace(ids[name], name)
    return answer.status_code, text


@pytest.mark.property_("P21")
def test_no_account_name_key_or_link_is_in_a_log_a_trace_or_a_figure(site: Site) -> None:
    for said in ("http exchange", "bank.send_batch", "forfald_"):
        assert said in site.telemetry
    assert [secret for secret in secrets(site.house) if secret in site.telemetry] == []


@pytest.mark.property_("P11")
@pytest.mark.property_("P21")
def test_no_account_name_key_or_link_is_told_to_whoever_reads_the_stream(site: Site) -> None:
    told = stream(site.house)
    assert "PaymentExecuted" in told
    assert [secret for secret in secrets(site.house) if secret in told] == []
