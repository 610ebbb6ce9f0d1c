"""What mails say in Danish."""

from __future__ import annotations

from services.notifications.model.wording import Counted, Texts, Words

APPROVER = "Du får denne mail, fordi du godkender betalinger for {client}."
CREATOR = "Du får denne mail, fordi du har sendt til godkendelse for {client}."
KEEPER = "Du får denne mail, fordi du følger betalingerne for {client}."
OPEN = Counted(one="Åbn betalingen", many="Åbn betalingerne")

TEXTS = Texts(
    language="da",
    instant="EEEE 'den' d. MMMM y 'kl.' HH.mm",
    approval_requested=Words(
        subject=Counted(
            one="1 betaling venter på din godkendelse: {client}",
            many="{payments} betalinger venter på din godkendelse: {client}",
        ),
        heading=Counted(
            one="1 betaling venter på din godkendelse",
            many="{payments} betalinger venter på din godkendelse",
        ),
        lead=Counted(
            one="{asked_by} beder dig godkende eller afvise 1 betaling for {client}.",
            many="{asked_by} beder dig godkende eller afvise {payments} betalinger for {client}.",
        ),
        next=Counted(
            one="Svar senest {answer_by}, så den kan betales til tiden. "
            "Den bliver ikke betalt, før den er godkendt.",
            many="Svar senest {answer_by}, så de kan betales til tiden. "
            "Ingen af dem bliver betalt, før den er godkendt.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_reminder=Words(
        subject=Counted(
            one="1 betaling venter stadig på din godkendelse: {client}",
            many="{payments} betalinger venter stadig på din godkendelse: {client}",
        ),
        heading=Counted(
            one="1 betaling venter stadig på din godkendelse",
            many="{payments} betalinger venter stadig på din godkendelse",
        ),
        lead=Counted(
            one="{asked_by} har bedt dig godkende eller afvise 1 betaling for {client}. "
            "Du har ikke svaret endnu.",
            many="{asked_by} har bedt dig godkende eller afvise {payments} betalinger for "
            "{client}. Du har ikke svaret endnu.",
        ),
        next=Counted(
            one="Svar senest {answer_by}. Derefter kan den ikke længere betales til tiden.",
            many="Svar senest {answer_by}. Derefter kan de ikke længere betales til tiden.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_expired=Words(
        subject=Counted(
            one="Godkendelsen af 1 betaling er udløbet: {client}",
            many="Godkendelsen af {payments} betalinger er udløbet: {client}",
        ),
        heading=Counted(
            one="Godkendelsen af 1 betaling er udløbet",
            many="Godkendelsen af {payments} betalinger er udløbet",
        ),
        lead=Counted(
            one="1 betaling for {client} blev ikke godkendt inden {expired_at}.",
            many="{payments} betalinger for {client} blev ikke godkendt inden {expired_at}.",
        ),
        next=Counted(
            one="Den er ikke betalt. Du kan sende den til godkendelse igen.",
            many="De er ikke betalt. Du kan sende dem til godkendelse igen.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_rejected=Words(
        subject=Counted(
            one="1 betaling er afvist af en godkender: {client}",
            many="{payments} betalinger er afvist af en godkender: {client}",
        ),
        heading=Counted(
            one="En godkender har afvist 1 betaling",
            many="En godkender har afvist {payments} betalinger",
        ),
        lead=Counted(
            one="{rejected_by} har afvist 1 betaling for {client}. Årsagen står ved betalingen.",
            many="{rejected_by} har afvist {payments} betalinger for {client}. "
            "Årsagen står ved hver betaling.",
        ),
        next=Counted(
            one="Den er ikke betalt. Ret den, og send den til godkendelse igen, eller annuller den.",
            many="De er ikke betalt. Ret dem, og send dem til godkendelse igen, "
            "eller annuller dem.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_failed=Words(
        subject=Counted(
            one="1 betaling er afvist af banken: {client}",
            many="{payments} betalinger er afvist af banken: {client}",
        ),
        heading=Counted(
            one="Banken har afvist 1 betaling",
            many="Banken har afvist {payments} betalinger",
        ),
        lead=Counted(
            one="Banken har afvist 1 betaling for {client}. Bankens årsag står ved betalingen.",
            many="Banken har afvist {payments} betalinger for {client}. "
            "Bankens årsag står ved hver betaling.",
        ),
        next=Counted(
            one="Der er ikke flyttet penge, og den bliver ikke sendt igen af sig selv.",
            many="Der er ikke flyttet penge, og de bliver ikke sendt igen af sig selv.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_unknown=Words(
        subject=Counted(
            one="Ukendt udfald for 1 betaling: {client}",
            many="Ukendt udfald for {payments} betalinger: {client}",
        ),
        heading=Counted(
            one="Udfaldet af 1 betaling er ukendt",
            many="Udfaldet af {payments} betalinger er ukendt",
        ),
        lead=Counted(
            one="1 betaling for {client} er sendt, og ingen ved, om banken har den.",
            many="{payments} betalinger for {client} er sendt, og ingen ved, om banken har dem.",
        ),
        next=Counted(
            one="Betal den ikke på anden måde: den kan stadig gå igennem. "
            "Den bliver ikke sendt igen, før udfaldet er kendt.",
            many="Betal dem ikke på anden måde: de kan stadig gå igennem. "
            "De bliver ikke sendt igen, før udfaldet er kendt.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_returned=Words(
        subject=Counted(
            one="1 betaling er kommet retur: {client}",
            many="{payments} betalinger er kommet retur: {client}",
        ),
        heading=Counted(
            one="1 betaling er kommet retur", many="{payments} betalinger er kommet retur"
        ),
        lead=Counted(
            one="1 betaling for {client} blev gennemført, og pengene er kommet tilbage.",
            many="{payments} betalinger for {client} blev gennemført, og pengene er kommet "
            "tilbage.",
        ),
        next=Counted(
            one="Se hvorfor, og afgør, om der skal betales igen. Intet betales igen af sig selv.",
            many="Se hvorfor, og afgør, hvilke der skal betales igen. "
            "Intet betales igen af sig selv.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    list_waits=Words(
        subject=Counted(
            one="1 faktura på dagens rykkerliste: {client}",
            many="{payments} fakturaer på dagens rykkerliste: {client}",
        ),
        heading=Counted(
            one="1 faktura på dagens rykkerliste", many="{payments} fakturaer på dagens rykkerliste"
        ),
        lead=Counted(
            one="1 faktura for {client} skal rykkes i dag.",
            many="{payments} fakturaer hos {debtors} debitorer skal rykkes i dag for {client}.",
        ),
        next=Counted(
            one="Listen venter på dig: send alt eller noget, sæt på pause, eller udelad.",
            many="Listen venter på dig: send alt eller noget, sæt på pause, eller udelad.",
        ),
        action=Counted(one="Åbn dagens liste", many="Åbn dagens liste"),
        because="Du får denne mail, fordi du abonnerer på dagens liste for {client}.",
    ),
    list_goes=Words(
        subject=Counted(
            one="1 faktura på dagens rykkerliste: {client}",
            many="{payments} fakturaer på dagens rykkerliste: {client}",
        ),
        heading=Counted(
            one="1 faktura på dagens rykkerliste", many="{payments} fakturaer på dagens rykkerliste"
        ),
        lead=Counted(
            one="1 faktura for {client} skal rykkes i dag.",
            many="{payments} fakturaer hos {debtors} debitorer skal rykkes i dag for {client}.",
        ),
        next=Counted(
            one="Listen sendes af sig selv {goes_at}. Indtil da kan du udelade eller sætte på pause.",
            many="Listen sendes af sig selv {goes_at}. Indtil da kan du udelade eller sætte på pause.",
        ),
        action=Counted(one="Åbn dagens liste", many="Åbn dagens liste"),
        because="Du får denne mail, fordi du abonnerer på dagens liste for {client}.",
    ),
    list_discretion="Hvem der skylder, og hvor meget, ser du, når du er logget ind. At åbne linket sender intet.",
    address="Hvis knappen ikke virker, så kopiér denne adresse til din browser:",
    discretion="For din sikkerheds skyld nævner denne mail ingen beløb, modtagere eller konti. "
    "Dem ser du, når du er logget ind. At åbne linket godkender intet og ændrer intet.",
    nameless="(uden navn)",
)
