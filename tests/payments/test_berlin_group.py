from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
import stamina
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from services.payments.gateways import berlin_group_json
from services.payments.gateways.bank import (
    BadBatchError,
    Bank,
    BankBatch,
    BankOrder,
    BankStatus,
    CancelAnswer,
    EntryKind,
    EntryStatus,
    NotSent,
    OutcomeUnknown,
    Refused,
)
from services.payments.gateways.berlin_group import BerlinGroupBank, Connection
from shared.clock import SettableClock
from shared.http import Limits, Transport
from shared.money import Money
from shared.references.instruction import InstructionKind, PaymentInstruction
from shared.testing.servers import listen, serve
from simulators.bank.app import create_app
from simulators.bank.book import Book
from simulators.bank.faults import Fault, FaultKind
from simulators.bank.pages import Pages
from simulators.bank.state import Account
from tests.simulators.berlin_group_spec import Judged

TUESDAY = datetime(2026, 12, 1, 9, tzinfo=UTC)
TODAY = TUESDAY.date()
DEBTOR = "DK5000400440116243"
FIK = PaymentInstruction(InstructionKind.FIK71, "80882939", "026840149965328")
YEAR = (date(2026, 1, 1), date(2026, 12, 31))


@pytest.fixture(autouse=True)
def patience_is_not_tested() -> Iterator[None]:
    with stamina.set_testing(testing=True, attempts=2, cap=True):
        yield


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock(TUESDAY)


@pytest.fixture
def book() -> Book:
    book = Book(pages=Pages(page_size=2))
    book.open_account(DEBTOR, {"DKK": 50_000_00}, "sesam")
    return book


@pytest.fixture
def account(book: Book) -> Account:
    (account,) = book.accounts_of("sesam")
    return account


@contextmanager
def connected(base_url: str, token: str = "sesam", read: float = 10.0) -> Iterator[Bank]:
    """The bank at an address, as payments sees it."""
    limits = Limits(read=read)
    connection = Connection("domestic-credit-transfers", "consent-1", "192.0.2.7", lambda: token)
    with Transport(base_url, limits=limits) as transport:
        yield BerlinGroupBank(transport, connection)


@pytest.fixture
def bank(clock: SettableClock, book: Book) -> Iterator[Bank]:
    judged = Judged(create_app(clock, book))
    with serve(judged) as base_url, connected(base_url) as bank:
        yield bank
    assert judged.complaints() == []


def order(
    end_to_end_id: str, minor: int, instruction: PaymentInstruction = FIK, on: date = TODAY
) -> BankOrder:
    return BankOrder(end_to_end_id, Money(minor, "DKK"), "Nordhavn Møbler A/S", instruction, on)


def batch(*orders: BankOrder, message_id: str = "M-1") -> BankBatch:
    return BankBatch(message_id, DEBTOR, orders or (order("E-1", 1250_00),))


def sent(bank: Bank, *orders: BankOrder, message_id: str = "M-1") -> str:
    return bank.send(message_id, bank.render(batch(*orders, message_id=message_id))).payment_id


# What leaves is what was approved


@pytest.mark.property_("P1")
@pytest.mark.property_("P8")
def test_the_bytes_that_are_sent_say_what_was_approved() -> None:
    asked = batch(order("E-1", 1250_00), order("E-2", 900_00))
    body = berlin_group_json.render(asked)
    assert berlin_group_json.parse(body) == asked
    assert (asked.count, asked.control_sum) == (2, {"DKK": Money(2150_00, "DKK")})


def test_the_same_batch_gives_the_same_bytes() -> None:
    assert berlin_group_json.render(batch()) == berlin_group_json.render(batch())


INSTRUCTIONS = [
    ("DKK", FIK),
    ("DKK", PaymentInstruction(InstructionKind.FIK73, "80882939", None)),
    ("DKK", PaymentInstruction(InstructionKind.FIK75, "80882939", "0268401499653281")),
    ("DKK", PaymentInstruction(InstructionKind.GIRO01, "5377700", None)),
    ("DKK", PaymentInstruction(InstructionKind.GIRO04, "5377700", "0000000000012345")),
    ("DKK", PaymentInstruction(InstructionKind.GIRO15, "5377700", "0000000000012345")),
    ("DKK", PaymentInstruction(InstructionKind.DK_ACCOUNT, "53010000123456", "Faktura 17")),
    ("SEK", PaymentInstruction(InstructionKind.BANKGIRO, "9912346", "1234567897")),
    ("SEK", PaymentInstruction(InstructionKind.BANKGIRO, "9912346", "Faktura 17")),
    ("SEK", PaymentInstruction(InstructionKind.PLUSGIRO, "4789001", "1234567897")),
    ("SEK", PaymentInstruction(InstructionKind.SE_ACCOUNT, "50001234567", None)),
    ("NOK", PaymentInstruction(InstructionKind.NO_ACCOUNT, "12345678903", "123456785")),
    ("NOK", PaymentInstruction(InstructionKind.NO_ACCOUNT, "12345678903", "12345678-")),
    ("EUR", PaymentInstruction(InstructionKind.IBAN, "FI2112345600000785", "13013")),
    ("EUR", PaymentInstruction(InstructionKind.IBAN, "DE89370400440532013000", "RF18539007547034")),
    (
        "EUR",
        PaymentInstruction(InstructionKind.IBAN, "DE89370400440532013000", "2026-17", "COBADEFF"),
    ),
]


@pytest.mark.parametrize(
    ("currency", "instruction"), INSTRUCTIONS, ids=lambda value: getattr(value, "kind", value)
)
def test_each_rail_is_carried_and_read_back(currency: str, instruction: PaymentInstruction) -> None:
    asked = batch(BankOrder("E-1", Money(1, currency), "Acme", instruction, TODAY))
    assert berlin_group_json.parse(berlin_group_json.render(asked)) == asked


@given(
    minor=st.integers(1, 10**14),
    name=st.text(min_size=1, max_size=70).filter(str.isprintable),
    text=st.text(min_size=1, max_size=140).filter(str.isprintable),
)
@pytest.mark.property_("P17")
def test_no_name_and_no_text_can_change_what_a_batch_says(minor: int, name: str, text: str) -> None:
    instruction = PaymentInstruction(InstructionKind.DK_ACCOUNT, "53010000123456", text)
    asked = batch(BankOrder("E-1", Money(minor, "DKK"), name, instruction, TODAY))
    assert berlin_group_json.parse(berlin_group_json.render(asked)) == asked


def test_a_slip_carries_its_card_type_before_the_reference() -> None:
    (element,) = json.loads(berlin_group_json.render(batch()))["payments"]
    assert element["creditorAccount"]["other"]["identification"] == "80882939"
    assert element["remittanceInformationStructured"]["reference"] == "71/026840149965328"


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        (lambda: order("", 1), "end-to-end id"),
        (lambda: order("E" * 36, 1), "end-to-end id"),
        (lambda: order("E-1", 0), "more than nothing"),
        (lambda: order("E-1", -5), "more than nothing"),
        (lambda: BankOrder("E-1", Money(1, "DKK"), "N" * 71, FIK, TODAY), "1 to 70"),
        (lambda: BankOrder("E-1", Money(1, "DKK"), "N\n", FIK, TODAY), "printable"),
        (lambda: BankBatch("M-1", DEBTOR, ()), "at least one"),
        (lambda: batch(order("E-1", 1), order("E-1", 2)), "once"),
        (lambda: batch(order("E-1", 1), order("E-2", 2, on=date(2026, 12, 2))), "one day"),
        (lambda: berlin_group_json.render(BankBatch("M-1", "?", (order("E-1", 1),))), "IBAN"),
        (lambda: berlin_group_json.parse(b"{}"), "not a bulk payment"),
        (lambda: berlin_group_json.parse(b"\xff"), "not a bulk payment"),
        (
            lambda: berlin_group_json.render(
                batch(order("E-1", 1, PaymentInstruction(InstructionKind.NO_ACCOUNT, "1", None)))
            ),
            "paid in NOK",
        ),
    ],
)
def test_a_batch_that_no_bank_would_take_is_refused_with_the_rule(
    change: Callable[[], object], rule: str
) -> None:
    with pytest.raises(BadBatchError, match=rule):
        change()


# Over the wire


def test_a_batch_is_sent_followed_and_found_in_the_statement(bank: Bank) -> None:
    receipt = bank.send("M-1", bank.render(batch(order("E-1", 1250_00))))
    assert receipt.status is BankStatus.ACTC
    assert bank.status(receipt.payment_id) == (EntryStatus("E-1", BankStatus.ACSC),)
    (entry,) = bank.transactions(DEBTOR, *YEAR)
    assert (entry.kind, entry.end_to_end_id) == (EntryKind.PAYMENT, "E-1")
    assert (entry.amount, entry.value_on) == (Money(-1250_00, "DKK"), TODAY)


@pytest.mark.case("rails", 16)
def test_a_part_of_a_batch_is_rejected_and_the_rest_is_one_pooled_line(
    bank: Bank, book: Book, account: Account
) -> None:
    account.pooled = True
    book.add_fault(Fault(FaultKind.REJECT, end_to_end_id="E-3", reason="AC01"))
    amounts = [1250_00, 900_00, 2000_00, 4300_00, 4050_00]
    asked = [order(f"E-{n}", minor) for n, minor in enumerate(amounts, start=1)]
    told = bank.status(sent(bank, *asked))
    assert [entry for entry in told if entry.status is not BankStatus.ACSC] == [
        EntryStatus("E-3", BankStatus.RJCT, "AC01")
    ]
    (pool,) = bank.transactions(DEBTOR, *YEAR)
    assert (pool.kind, pool.amount) == (EntryKind.POOL, Money(-10500_00, "DKK"))
    assert [detail.end_to_end_id for detail in pool.details] == ["E-1", "E-2", "E-4", "E-5"]


@pytest.mark.case("rails", 17)
def test_an_unknown_outcome_is_settled_by_the_statement(clock: SettableClock, book: Book) -> None:
    book.add_fault(Fault(FaultKind.TIMEOUT_AFTER))
    with serve(create_app(clock, book)) as base_url, connected(base_url) as bank:
        with connected(base_url, read=0.3) as hasty, pytest.raises(OutcomeUnknown):
            sent(hasty, order("E-1", 1250_00))
        entries = list(bank.transactions(DEBTOR, *YEAR))
    assert [entry.end_to_end_id for entry in entries] == ["E-1"]
    assert len(book.inspect()["requests"]) == 1, "nothing was sent again"


@pytest.mark.case("rails", 18)
def test_a_debit_may_arrive_while_a_cancellation_is_pending_and_a_refusal_after_it(
    bank: Bank, book: Book, clock: SettableClock
) -> None:
    book.add_fault(Fault(FaultKind.LOSE_CANCEL))
    payment = sent(bank, order("E-1", 1250_00, on=date(2026, 12, 4)))
    assert bank.cancel(payment) == CancelAnswer(requested=True)
    clock.advance(days=3)
    assert [entry.end_to_end_id for entry in bank.transactions(DEBTOR, *YEAR)] == ["E-1"]
    assert bank.cancel(payment).code == "CANCELLATION_INVALID"


def test_a_cancellation_that_is_taken_shows_in_the_status(bank: Bank) -> None:
    payment = sent(bank, order("E-1", 1250_00, on=date(2026, 12, 4)))
    assert bank.cancel(payment).requested
    assert bank.status(payment) == (EntryStatus("E-1", BankStatus.CANC),)


@pytest.mark.parametrize(
    ("kind", "moved"),
    [
        (FaultKind.TIMEOUT_BEFORE, 0),
        (FaultKind.TIMEOUT_AFTER, 1),
        (FaultKind.ERROR_BEFORE, 0),
        (FaultKind.ERROR_AFTER, 1),
        (FaultKind.GARBAGE_AFTER, 1),
    ],
)
def test_whether_money_moved_can_not_be_told_from_the_error(
    clock: SettableClock, book: Book, kind: FaultKind, moved: int
) -> None:
    book.add_fault(Fault(kind, creditor_account="80882939"))
    with serve(create_app(clock, book)) as base_url, connected(base_url, read=0.3) as bank:
        with pytest.raises(OutcomeUnknown):
            sent(bank)
        book.advance(clock.now())
    assert len(book.inspect()["debits"]) == moved


def test_the_same_batch_has_the_same_request_id_and_another_one_another(
    bank: Bank, book: Book
) -> None:
    sent(bank)
    sent(bank)
    sent(bank, order("E-2", 1), message_id="M-2")
    first, again, other = (request["request_id"] for request in book.inspect()["requests"])
    assert first == again != other


def test_fees_and_returns_are_lines_of_their_own_over_several_pages(
    bank: Bank, book: Book, account: Account, clock: SettableClock
) -> None:
    account.fee = Money(2_50, "DKK")
    book.add_fault(
        Fault(FaultKind.RETURN, end_to_end_id="E-1", reason="AC04", days=2, short=Money(1, "DKK"))
    )
    sent(bank, order("E-1", 1250_00), order("E-2", 900_00))
    clock.advance(days=20)
    assert [
        (e.kind, e.end_to_end_id, e.amount.minor, e.reason)
        for e in bank.transactions(DEBTOR, *YEAR)
    ] == [
        (EntryKind.PAYMENT, "E-1", -1250_00, None),
        (EntryKind.FEE, "E-1", -2_50, None),
        (EntryKind.PAYMENT, "E-2", -900_00, None),
        (EntryKind.FEE, "E-2", -2_50, None),
        (EntryKind.RETURN, "E-1", 1249_99, "AC04"),
    ]


def test_money_from_elsewhere_is_neither_payment_nor_return(
    bank: Bank, book: Book, clock: SettableClock
) -> None:
    book.credit(DEBTOR, Money(5_00, "DKK"), clock.now(), "Indbetaling")
    (entry,) = bank.transactions(DEBTOR, *YEAR)
    assert (entry.kind, entry.text, entry.reason) == (EntryKind.OTHER, "Indbetaling", None)


def test_a_bank_that_tells_the_batch_only_says_the_same_of_each_order(clock: SettableClock) -> None:
    book = Book(pages=Pages(tells_entries=False))
    book.open_account(DEBTOR, {"DKK": 50_000_00}, "sesam")
    with serve(create_app(clock, book)) as base_url, connected(base_url) as bank:
        told = bank.status(sent(bank, order("E-1", 1), order("E-2", 2)))
    assert told == (EntryStatus("E-1", BankStatus.ACSC), EntryStatus("E-2", BankStatus.ACSC))


def test_a_status_that_contradicts_itself_is_handed_on_as_it_is(bank: Bank, book: Book) -> None:
    book.add_fault(Fault(FaultKind.DOUBLE_STATUS))
    assert [entry.status for entry in bank.status(sent(bank))] == [BankStatus.ACSC, BankStatus.ACTC]


@pytest.mark.property_("P19")
def test_another_connection_sees_neither_the_payment_nor_the_account(
    clock: SettableClock, book: Book
) -> None:
    book.open_account("DK9520000123456789", {"DKK": 0}, "other")
    with (
        serve(create_app(clock, book)) as base_url,
        connected(base_url) as ours,
        connected(base_url, "other") as theirs,
    ):
        payment = sent(ours)
        with pytest.raises(Refused, match="RESOURCE_UNKNOWN"):
            theirs.status(payment)
        with pytest.raises(Refused, match="ACCOUNT_UNKNOWN"):
            list(theirs.transactions(DEBTOR, *YEAR))
        assert not theirs.cancel(payment).requested


def test_bytes_leave_only_under_the_message_id_that_they_were_sealed_with(book: Book) -> None:
    with connected("http://127.0.0.1:1") as bank, pytest.raises(ValueError, match="another"):
        bank.send("M-2", bank.render(batch()))


# What a bank, or something between, may answer


def one_answer(answer: Response) -> Starlette:
    async def tell(request: Request) -> Response:
        await request.body()
        return answer

    return Starlette(routes=[Route("/{path:path}", tell, methods=["GET", "POST", "DELETE"])])


def no(status: int, body: Any) -> Response:
    return JSONResponse(body, status)


THE_BANKS_NO = {"tppMessages": [{"category": "ERROR", "code": "PAYMENT_FAILED", "text": "no"}]}
A_PROBLEM = {"type": "urn:bank:no", "code": "PAYMENT_FAILED", "detail": "no"}


@pytest.mark.parametrize("body", [THE_BANKS_NO, A_PROBLEM])
@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 429])
def test_the_banks_own_no_is_refused_with_its_code(status: int, body: Any) -> None:
    with (
        serve(one_answer(no(status, body))) as url,
        connected(url) as bank,
        pytest.raises(Refused) as caught,
    ):
        sent(bank)
    assert (caught.value.code, caught.value.text) == ("PAYMENT_FAILED", "no")


@pytest.mark.parametrize(
    "answer",
    [
        Response("<html>Not Found</html>", 404),
        no(400, {}),
        no(400, []),
        no(408, THE_BANKS_NO),
        no(409, THE_BANKS_NO),
        no(500, THE_BANKS_NO),
        Response(status_code=302, headers={"Location": "/elsewhere"}),
        Response(status_code=204),
        no(200, {"paymentId": "p", "transactionStatus": "ACTC"}),
        no(201, {"transactionStatus": "ACTC"}),
        no(201, {"paymentId": "p", "transactionStatus": "FINE"}),
        no(
            201,
            {
                "paymentId": "p",
                "transactionStatus": "ACTC",
                "payments": [{"endToEndIdentification": "E-9", "transactionStatus": "ACTC"}],
            },
        ),
    ],
)
def test_whatever_is_not_plainly_a_no_leaves_the_outcome_unknown(answer: Response) -> None:
    with (
        serve(one_answer(answer)) as url,
        connected(url) as bank,
        pytest.raises(OutcomeUnknown),
    ):
        sent(bank)


def test_a_refused_connection_is_not_sent() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with connected(f"http://127.0.0.1:{port}") as bank, pytest.raises(NotSent):
        sent(bank)


@pytest.mark.parametrize("answer", [b"", b"\x00garbage\r\n\r\n", b"HTTP/1.1 201 Created\r\n"])
@pytest.mark.case("rails", 17)
def test_a_connection_that_drops_after_the_body_leaves_the_outcome_unknown(answer: bytes) -> None:
    bodies = []

    def handle(connection: socket.socket) -> None:
        received = b""
        while not received.endswith(b"}"):
            received += connection.recv(65536)
        bodies.append(received.partition(b"\r\n\r\n")[2])
        connection.sendall(answer)

    with listen(handle) as url, connected(url) as bank, pytest.raises(OutcomeUnknown):
        sent(bank)
    assert bodies == [berlin_group_json.render(batch())]


def statement(first_page: dict[str, Any]) -> Starlette:
    """A bank whose statement begins with this page, wherever it goes from there."""

    async def accounts(_: Request) -> Response:
        return JSONResponse({"accounts": [{"resourceId": "a", "iban": DEBTOR, "currency": "DKK"}]})

    async def pages(_: Request) -> Response:
        return JSONResponse(first_page)

    path = "/v1/accounts/a/transactions"
    return Starlette(routes=[Route("/v1/accounts", accounts), Route(path, pages)])


LINE = {
    "entryReference": "1",
    "bookingDate": "2026-12-01",
    "valueDate": "2026-12-01",
    "transactionAmount": {"currency": "DKK", "amount": "1.00"},
}


@pytest.mark.parametrize(
    "page",
    [
        {"transactions": {"booked": [LINE], "_links": {"next": {"href": "http://evil.invalid/2"}}}},
        {"transactions": {"booked": [LINE], "_links": {"next": {"href": "//evil.invalid/2"}}}},
        {
            "transactions": {
                "booked": [LINE | {"transactionAmount": {"currency": "DKK", "amount": "1e9"}}]
            }
        },
        {
            "transactions": {
                "booked": [LINE | {"transactionAmount": {"currency": "DKK", "amount": "one"}}]
            }
        },
        {"transactions": {"booked": [LINE | {"bookingDate": "yesterday"}]}},
        {"account": {"iban": "DK9520000123456789"}, "transactions": {"booked": [LINE]}},
        {"transactions": "gone"},
    ],
)
def test_a_statement_that_leads_astray_is_not_read(page: dict[str, Any]) -> None:
    with (
        serve(statement(page)) as url,
        connected(url) as bank,
        pytest.raises(OutcomeUnknown),
    ):
        list(bank.transactions(DEBTOR, *YEAR))


def test_a_token_is_not_told_by_the_connection() -> None:
    assert "sesam" not in repr(Connection("p", "c", "192.0.2.7", lambda: "sesam"))
