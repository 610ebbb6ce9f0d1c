"""What mails say in English."""

from __future__ import annotations

from services.notifications.model.wording import Counted, Texts, Words

APPROVER = "You get this mail because you approve payments for {client}."
CREATOR = "You get this mail because you sent this to approval for {client}."
KEEPER = "You get this mail because you look after payments for {client}."
OPEN = Counted(one="Open the payment", many="Open the payments")

TEXTS = Texts(
    language="en",
    instant="EEEE d MMMM y 'at' HH:mm",
    approval_requested=Words(
        subject=Counted(
            one="1 payment waits for your approval: {client}",
            many="{payments} payments wait for your approval: {client}",
        ),
        heading=Counted(
            one="1 payment waits for your approval",
            many="{payments} payments wait for your approval",
        ),
        lead=Counted(
            one="{asked_by} asks you to approve or reject 1 payment for {client}.",
            many="{asked_by} asks you to approve or reject {payments} payments for {client}.",
        ),
        next=Counted(
            one="Answer by {answer_by}, so that it can be paid in time. "
            "It is not paid until it is approved.",
            many="Answer by {answer_by}, so that they can be paid in time. "
            "None is paid until it is approved.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_reminder=Words(
        subject=Counted(
            one="1 payment still waits for your approval: {client}",
            many="{payments} payments still wait for your approval: {client}",
        ),
        heading=Counted(
            one="1 payment still waits for your approval",
            many="{payments} payments still wait for your approval",
        ),
        lead=Counted(
            one="{asked_by} asked you to approve or reject 1 payment for {client}. "
            "You have not answered yet.",
            many="{asked_by} asked you to approve or reject {payments} payments for {client}. "
            "You have not answered yet.",
        ),
        next=Counted(
            one="Answer by {answer_by}. After that it can no longer be paid in time.",
            many="Answer by {answer_by}. After that they can no longer be paid in time.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_expired=Words(
        subject=Counted(
            one="Approval expired for 1 payment: {client}",
            many="Approval expired for {payments} payments: {client}",
        ),
        heading=Counted(
            one="The approval of 1 payment has expired",
            many="The approval of {payments} payments has expired",
        ),
        lead=Counted(
            one="1 payment for {client} was not approved before {expired_at}.",
            many="{payments} payments for {client} were not approved before {expired_at}.",
        ),
        next=Counted(
            one="It has not been paid. You can send it to approval again.",
            many="They have not been paid. You can send them to approval again.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_rejected=Words(
        subject=Counted(
            one="1 payment rejected by an approver: {client}",
            many="{payments} payments rejected by an approver: {client}",
        ),
        heading=Counted(
            one="An approver rejected 1 payment",
            many="An approver rejected {payments} payments",
        ),
        lead=Counted(
            one="{rejected_by} rejected 1 payment for {client}. "
            "The reason stands beside the payment.",
            many="{rejected_by} rejected {payments} payments for {client}. "
            "The reason stands beside each payment.",
        ),
        next=Counted(
            one="It has not been paid. Change it and send it to approval again, or cancel it.",
            many="They have not been paid. Change them and send them to approval again, "
            "or cancel them.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_failed=Words(
        subject=Counted(
            one="1 payment refused by the bank: {client}",
            many="{payments} payments refused by the bank: {client}",
        ),
        heading=Counted(
            one="The bank refused 1 payment",
            many="The bank refused {payments} payments",
        ),
        lead=Counted(
            one="The bank refused 1 payment for {client}. Its reason stands beside the payment.",
            many="The bank refused {payments} payments for {client}. "
            "Its reason stands beside each payment.",
        ),
        next=Counted(
            one="No money has moved, and it is not sent again by itself.",
            many="No money has moved, and they are not sent again by themselves.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_unknown=Words(
        subject=Counted(
            one="Outcome unknown for 1 payment: {client}",
            many="Outcome unknown for {payments} payments: {client}",
        ),
        heading=Counted(
            one="The outcome of 1 payment is unknown",
            many="The outcome of {payments} payments is unknown",
        ),
        lead=Counted(
            one="1 payment for {client} was sent, and nobody knows whether the bank has it.",
            many="{payments} payments for {client} were sent, and nobody knows whether the bank "
            "has them.",
        ),
        next=Counted(
            one="Do not pay it in another way: it may still go through. "
            "It is not sent again until the outcome is known.",
            many="Do not pay them in another way: they may still go through. "
            "They are not sent again until the outcome is known.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_returned=Words(
        subject=Counted(
            one="1 payment returned: {client}",
            many="{payments} payments returned: {client}",
        ),
        heading=Counted(one="1 payment was returned", many="{payments} payments were returned"),
        lead=Counted(
            one="1 payment for {client} was made, and the money came back.",
            many="{payments} payments for {client} were made, and the money came back.",
        ),
        next=Counted(
            one="See why, and decide whether to pay again. Nothing is paid again by itself.",
            many="See why, and decide which to pay again. Nothing is paid again by itself.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    list_waits=Words(
        subject=Counted(
            one="1 invoice on today’s list of reminders: {client}",
            many="{payments} invoices on today’s list of reminders: {client}",
        ),
        heading=Counted(
            one="1 invoice on today’s list of reminders",
            many="{payments} invoices on today’s list of reminders",
        ),
        lead=Counted(
            one="1 invoice is to be reminded of today for {client}.",
            many="{payments} invoices of {debtors} debtors are to be reminded of today for {client}.",
        ),
        next=Counted(
            one="The list waits for you: send all of it or some, pause, or leave out.",
            many="The list waits for you: send all of it or some, pause, or leave out.",
        ),
        action=Counted(one="Open today’s list", many="Open today’s list"),
        because="You get this mail because you subscribe to today’s list for {client}.",
    ),
    list_goes=Words(
        subject=Counted(
            one="1 invoice on today’s list of reminders: {client}",
            many="{payments} invoices on today’s list of reminders: {client}",
        ),
        heading=Counted(
            one="1 invoice on today’s list of reminders",
            many="{payments} invoices on today’s list of reminders",
        ),
        lead=Counted(
            one="1 invoice is to be reminded of today for {client}.",
            many="{payments} invoices of {debtors} debtors are to be reminded of today for {client}.",
        ),
        next=Counted(
            one="The list goes by itself {goes_at}. Until then you can leave out or pause.",
            many="The list goes by itself {goes_at}. Until then you can leave out or pause.",
        ),
        action=Counted(one="Open today’s list", many="Open today’s list"),
        because="You get this mail because you subscribe to today’s list for {client}.",
    ),
    list_discretion="Who owes, and how much, you see when you have signed in. Opening the link sends nothing.",
    address="If the button does not work, copy this address into your browser:",
    discretion="For your safety this mail names no amounts, payees or accounts. You see them when "
    "you have signed in. Opening the link approves nothing and changes nothing.",
    nameless="(no name)",
)
