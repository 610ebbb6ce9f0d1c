"""What the gallery shows: one of everything, with the long names and odd sums that break pages."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from shared.money import Money
from shared.ui.parts import (
    Act,
    Card,
    Caution,
    Choice,
    ClockStep,
    Column,
    Company,
    DemoClock,
    Fact,
    Field,
    Figure,
    NavEntry,
    NavGroup,
    Page,
    Pager,
    Station,
    Tab,
    TimelineEntry,
    ToDo,
    User,
    with_now,
)
from shared.ui.states import PAYMENT_STATES, RECEIVABLE_STATES, State

NOW = datetime(2026, 3, 2, 7, 40, tzinfo=UTC)
LONG = "Foreningen Stilladsbranchens Uddannelses- og Sikkerhedsfond"
MONDAY, TUESDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 3), date(2026, 3, 6)


def dkk(text: str) -> Money:
    return Money.of(text, "DKK")


@dataclass(frozen=True)
class Line:
    id: str
    payee: str
    detail: str
    sum: Money
    due: date | None
    pays: date | None
    state: State
    reasons: tuple[str, ...] = ()
    late: str = ""
    pick: bool = False
    figures: dict[str, Any] = field(default_factory=dict)


LINES = [
    Line("1", "Østjysk Stillads & Kranudlejning ApS", "invoice 10044512, FIK 71", dkk("42318.75"),
         date(2026, 2, 25), TUESDAY, PAYMENT_STATES["ready"],
         ("Past due: reaches the payee Tue 3 Mar at the earliest, if approved before 11:00.",),
         "5 days over", pick=True),
    Line("2", "Lindtoft Tømmerhandel A/S", "invoice 2048311, FIK 71", dkk("86240.00"),
         MONDAY, MONDAY, PAYMENT_STATES["unknown"],
         ("Sent 06:14; the bank’s answer never came. It will not be sent again.",)),
    Line("3", "Skånska Kontorsmaterial AB", "faktura 50731, Bankgiro", Money.of("3120.00", "SEK"),
         FRIDAY, FRIDAY, PAYMENT_STATES["ready"], pick=True),
    Line("6", "Skånska Kontorsmaterial AB", "faktura 50688, Bankgiro", Money.of("12400", "SEK"),
         FRIDAY, None, PAYMENT_STATES["blocked"],
         ("Bankgiro 507-3127 on the invoice is not the verified account 553-8103.",
          "A second person must confirm it by a call to a number known before.")),
    Line("4", LONG, "opkrævning 1. kvartal 2026, konto 3000 0001148823", dkk("18600.00"),
         FRIDAY, FRIDAY, PAYMENT_STATES["partly_approved"], ("Waits for Anne Fjordvig.",),
         figures={"given": 1, "needed": 2}),
    Line("5", "Lindtoft Tømmerhandel A/S", "credit note 2048377", dkk("-1980.00"), None, None,
         PAYMENT_STATES["credit"], ("Goes against the next invoice of this payee.",),
         figures={"sum": "1,980.00"}),
]  # fmt: skip

FACTS = [
    Fact("Name", "Lindtoft Tømmerhandel A/S, CVR 31 88 42 07"),
    Fact("Pays to", "+71<000000020483111 +88127451<"),
    Fact("Verified", "Thu 12 Feb 2026 by Jonas Winther, by a call to a number known since 2023"),
]


def page(title: str, token: str) -> Page:
    return Page(
        title,
        user=User("Mette Kjær", "Strandgade Regnskab"),
        company="Fjordvig Byg ApS",
        companies=[
            Company("Fjordvig Byg ApS", "/gallery", 21, current=True),
            Company(LONG, "/gallery", 1),
            Company("Klinik Sundby I/S", "/gallery", 0),
        ],
        nav=[
            NavGroup("", [NavEntry("Today", "/gallery")]),
            NavGroup(
                "Pay",
                [
                    NavEntry("Payables", "/gallery", 6, current=True),
                    NavEntry("E-invoices", "/gallery", 2),
                    NavEntry("Approvals", "/approvals"),
                ],
            ),
            NavGroup("Run", [NavEntry("Operations", "/gallery", 1, loud=True)]),
        ],
        clock=DemoClock(
            NOW,
            "/clock",
            [ClockStep("day", "Next banking day"), ClockStep("week", "Seven days on")],
        ),
        form_token=token,
    )


def gallery() -> dict[str, Any]:
    done = [
        Station("booked", "done", date(2026, 2, 19), "by the ledger, voucher 4417"),
        Station("ready", "done", date(2026, 2, 19), "no objections"),
        Station("asked", "done", date(2026, 2, 23), "Mette Kjær"),
        Station("approved", "done", date(2026, 2, 25), "Henrik Fjordvig, Anne Fjordvig"),
        Station("scheduled", "done", date(2026, 2, 25), "for Mon 2 Mar"),
    ]
    return {
        "stations": [
            *done,
            Station("paid", "now", "since today 06:14", "nobody knows", PAYMENT_STATES["unknown"]),
            Station("bookkept", "ahead", "when it is paid", "by itself"),
        ],
        "pay": Figure(14, "payments ready to send to approval", "/gallery",
                      [dkk("284912.50"), Money.of("18775.00", "NOK"), Money.of("61340", "SEK")]),
        "remind": Figure(42, "reminders", "/gallery", [dkk("511208.00"), Money.zero("NOK")]),
        "decide": Figure(7, "decisions", "/gallery", [dkk("139466.97")]),
        "todo": [
            ToDo("Past their due date", "/gallery", 2, "oldest due Wed 25 Feb"),
            ToDo("", "/gallery", 1, "nobody knows whether the bank has it",
                 PAYMENT_STATES["unknown"]),
            ToDo("", "/gallery", 2, "Kaffe & Co. writes that it was credited",
                 RECEIVABLE_STATES["disputed"]),
            ToDo("Rejected by an approver", "/gallery", 0, "none"),
        ],
        "tab_list": [
            Tab("All open", "/gallery", 30, current=True),
            Tab("Ready", "/gallery", 6),
            Tab("With approvers", "/gallery", 11),
            Tab("Refused", "/gallery", 0),
        ],
        "search": Field("q", "Payee, number or amount", "search"),
        "due": Field("due", "Due", "select", choices=[Choice("", "Any day"), Choice("w", "Week")]),
        "columns": [
            Column("Select", "tick"),
            Column("Payee", href="/gallery"),
            Column("Amount", "num", href="/gallery"),
            Column("Due", href="/gallery", sort="ascending"),
            Column("Pays on", href="/gallery"),
            Column("State and reason", "c-state"),
        ],
        "lines": LINES,
        "pages": Pager(1, 5, 30, next="/gallery"),
        "totals": [dkk("42318.75"), Money.of("3120.00", "SEK")],
        "act_list": [
            Act("Ask the bank now", "A question moves no money.", form="ask", tone="first"),
            Act("Record the bank’s word", "Counts when a second person signs.", dialog="word"),
            Act("Send again", "Not possible: it may already be paid.", possible=False),
        ],
        "fact_list": FACTS,
        "interest": dkk("958.97"),
        "fees": dkk("200.00"),
        "owed": dkk("40218.97"),
        "history": with_now(
            [
                TimelineEntry(datetime(2026, 3, 3, 5, tzinfo=UTC), "the statement is read",
                              "If the payment is on it, it is paid.", "plan"),
                TimelineEntry(datetime(2026, 3, 2, 5, 14, tzinfo=UTC), "Outcome unknown",
                              "No answer within 30 seconds.", "hot", strong=True),
                TimelineEntry(datetime(2026, 2, 25, 20, 44, tzinfo=UTC), "Approved, 2 of 2",
                              "Anne Fjordvig, passkey on iPhone", strong=True),
                TimelineEntry(date(2025, 12, 12), "Due"),
            ],
            NOW,
            "Now",
        ),
        "cautions": [Caution("Account differs from last time", "stop"), Caution("First payment")],
        "fields": [
            Field("until", "Pause until", "date", "2026-03-20", "Reminders go on the day after."),
            Field("reason", "Reason", "select", error="Choose a reason: the debtor may ask for it.",
                  choices=[Choice("", "Choose"), Choice("agreed", "Agreed with the debtor")]),
            Field("note", "Note", "textarea"),
        ],
        "said": [Choice("has", "It has the order"), Choice("never", "It never came")],
        "who": Field("who", "Who said it, and how?", hint="Name, number, time."),
    }  # fmt: skip


def approvals() -> dict[str, Any]:
    return {
        "odd": [
            Card("Kronborg Tagentreprise A/S", "#p-1", dkk("94500.00"),
                 "pays Mon 9 Mar · invoice 20-1184",
                 [Caution("Account differs from last time", "stop"),
                  Caution("43 % more than their largest before")]),
            Card("Fjordens Vask & Vinduespolering v/ Jens-Christian Østergaard Mikkelsen", "#p-1",
                 dkk("4375.00"), "pays Fri 6 Mar", [Caution("First payment to this payee")]),
        ],
        "plain": [
            Card("Østjysk Stillads & Kranudlejning ApS", "#p-1", dkk("42318.75"),
                 "pays Tue 3 Mar · due Wed 25 Feb, late already", value="3"),
            Card("Skånska Kontorsmaterial AB", "#p-1", Money.of("3120", "SEK"),
                 "pays Fri 6 Mar", value="5"),
        ],
        "totals": [dkk("42318.75"), Money.of("3120", "SEK")],
        "fact_list": [Fact("For", "invoice 20-1184"), Fact("Fee", "0.00 DKK")],
        "reason": Field("reason", "Reason, if you reject", "textarea",
                        hint="Mette sees it at once. Kronborg does not."),
    }  # fmt: skip
