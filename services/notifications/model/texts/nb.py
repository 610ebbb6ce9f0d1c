"""What mails say in Norwegian (bokmål)."""

from __future__ import annotations

from services.notifications.model.wording import Counted, Texts, Words

APPROVER = "Du får denne e-posten fordi du godkjenner betalinger for {client}."
CREATOR = "Du får denne e-posten fordi du har sendt til godkjenning for {client}."
KEEPER = "Du får denne e-posten fordi du følger opp betalingene for {client}."
OPEN = Counted(one="Åpne betalingen", many="Åpne betalingene")

TEXTS = Texts(
    language="nb",
    instant="EEEE d. MMMM y 'kl.' HH.mm",
    approval_requested=Words(
        subject=Counted(
            one="1 betaling venter på din godkjenning: {client}",
            many="{payments} betalinger venter på din godkjenning: {client}",
        ),
        heading=Counted(
            one="1 betaling venter på din godkjenning",
            many="{payments} betalinger venter på din godkjenning",
        ),
        lead=Counted(
            one="{asked_by} ber deg godkjenne eller avvise 1 betaling for {client}.",
            many="{asked_by} ber deg godkjenne eller avvise {payments} betalinger for {client}.",
        ),
        next=Counted(
            one="Svar senest {answer_by}, så den kan betales i tide. "
            "Den blir ikke betalt før den er godkjent.",
            many="Svar senest {answer_by}, så de kan betales i tide. "
            "Ingen av dem blir betalt før den er godkjent.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_reminder=Words(
        subject=Counted(
            one="1 betaling venter fortsatt på din godkjenning: {client}",
            many="{payments} betalinger venter fortsatt på din godkjenning: {client}",
        ),
        heading=Counted(
            one="1 betaling venter fortsatt på din godkjenning",
            many="{payments} betalinger venter fortsatt på din godkjenning",
        ),
        lead=Counted(
            one="{asked_by} har bedt deg godkjenne eller avvise 1 betaling for {client}. "
            "Du har ikke svart ennå.",
            many="{asked_by} har bedt deg godkjenne eller avvise {payments} betalinger for "
            "{client}. Du har ikke svart ennå.",
        ),
        next=Counted(
            one="Svar senest {answer_by}. Etter det kan den ikke lenger betales i tide.",
            many="Svar senest {answer_by}. Etter det kan de ikke lenger betales i tide.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_expired=Words(
        subject=Counted(
            one="Godkjenningen av 1 betaling er utløpt: {client}",
            many="Godkjenningen av {payments} betalinger er utløpt: {client}",
        ),
        heading=Counted(
            one="Godkjenningen av 1 betaling er utløpt",
            many="Godkjenningen av {payments} betalinger er utløpt",
        ),
        lead=Counted(
            one="1 betaling for {client} ble ikke godkjent før {expired_at}.",
            many="{payments} betalinger for {client} ble ikke godkjent før {expired_at}.",
        ),
        next=Counted(
            one="Den er ikke betalt. Du kan sende den til godkjenning igjen.",
            many="De er ikke betalt. Du kan sende dem til godkjenning igjen.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_rejected=Words(
        subject=Counted(
            one="1 betaling er avvist av en godkjenner: {client}",
            many="{payments} betalinger er avvist av en godkjenner: {client}",
        ),
        heading=Counted(
            one="En godkjenner har avvist 1 betaling",
            many="En godkjenner har avvist {payments} betalinger",
        ),
        lead=Counted(
            one="{rejected_by} har avvist 1 betaling for {client}. Årsaken står ved betalingen.",
            many="{rejected_by} har avvist {payments} betalinger for {client}. "
            "Årsaken står ved hver betaling.",
        ),
        next=Counted(
            one="Den er ikke betalt. Endre den og send den til godkjenning igjen, "
            "eller kanseller den.",
            many="De er ikke betalt. Endre dem og send dem til godkjenning igjen, "
            "eller kanseller dem.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_failed=Words(
        subject=Counted(
            one="1 betaling er avvist av banken: {client}",
            many="{payments} betalinger er avvist av banken: {client}",
        ),
        heading=Counted(
            one="Banken har avvist 1 betaling",
            many="Banken har avvist {payments} betalinger",
        ),
        lead=Counted(
            one="Banken har avvist 1 betaling for {client}. Bankens årsak står ved betalingen.",
            many="Banken har avvist {payments} betalinger for {client}. "
            "Bankens årsak står ved hver betaling.",
        ),
        next=Counted(
            one="Ingen penger er flyttet, og den sendes ikke igjen av seg selv.",
            many="Ingen penger er flyttet, og de sendes ikke igjen av seg selv.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_unknown=Words(
        subject=Counted(
            one="Ukjent utfall for 1 betaling: {client}",
            many="Ukjent utfall for {payments} betalinger: {client}",
        ),
        heading=Counted(
            one="Utfallet av 1 betaling er ukjent",
            many="Utfallet av {payments} betalinger er ukjent",
        ),
        lead=Counted(
            one="1 betaling for {client} er sendt, og ingen vet om banken har den.",
            many="{payments} betalinger for {client} er sendt, og ingen vet om banken har dem.",
        ),
        next=Counted(
            one="Ikke betal den på annen måte: den kan fortsatt gå gjennom. "
            "Den sendes ikke igjen før utfallet er kjent.",
            many="Ikke betal dem på annen måte: de kan fortsatt gå gjennom. "
            "De sendes ikke igjen før utfallet er kjent.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_returned=Words(
        subject=Counted(
            one="1 betaling er kommet i retur: {client}",
            many="{payments} betalinger er kommet i retur: {client}",
        ),
        heading=Counted(
            one="1 betaling er kommet i retur", many="{payments} betalinger er kommet i retur"
        ),
        lead=Counted(
            one="1 betaling for {client} ble gjennomført, og pengene er kommet tilbake.",
            many="{payments} betalinger for {client} ble gjennomført, og pengene er kommet "
            "tilbake.",
        ),
        next=Counted(
            one="Se hvorfor, og avgjør om den skal betales igjen. Ingenting betales igjen av seg "
            "selv.",
            many="Se hvorfor, og avgjør hvilke som skal betales igjen. "
            "Ingenting betales igjen av seg selv.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    list_waits=Words(
        subject=Counted(
            one="1 faktura på dagens purreliste: {client}",
            many="{payments} fakturaer på dagens purreliste: {client}",
        ),
        heading=Counted(
            one="1 faktura på dagens purreliste", many="{payments} fakturaer på dagens purreliste"
        ),
        lead=Counted(
            one="1 faktura for {client} skal purres i dag.",
            many="{payments} fakturaer hos {debtors} skyldnere skal purres i dag for {client}.",
        ),
        next=Counted(
            one="Listen venter på deg: send alt eller noe, sett på pause, eller utelat.",
            many="Listen venter på deg: send alt eller noe, sett på pause, eller utelat.",
        ),
        action=Counted(one="Åpne dagens liste", many="Åpne dagens liste"),
        because="Du får denne e-posten fordi du abonnerer på dagens liste for {client}.",
    ),
    list_goes=Words(
        subject=Counted(
            one="1 faktura på dagens purreliste: {client}",
            many="{payments} fakturaer på dagens purreliste: {client}",
        ),
        heading=Counted(
            one="1 faktura på dagens purreliste", many="{payments} fakturaer på dagens purreliste"
        ),
        lead=Counted(
            one="1 faktura for {client} skal purres i dag.",
            many="{payments} fakturaer hos {debtors} skyldnere skal purres i dag for {client}.",
        ),
        next=Counted(
            one="Listen sendes av seg selv {goes_at}. Inntil da kan du utelate eller sette på pause.",
            many="Listen sendes av seg selv {goes_at}. Inntil da kan du utelate eller sette på pause.",
        ),
        action=Counted(one="Åpne dagens liste", many="Åpne dagens liste"),
        because="Du får denne e-posten fordi du abonnerer på dagens liste for {client}.",
    ),
    list_discretion="Hvem som skylder, og hvor mye, ser du når du er logget inn. Å åpne lenken sender ingenting.",
    address="Hvis knappen ikke virker, kan du kopiere denne adressen til nettleseren:",
    discretion="For din sikkerhets skyld nevner denne e-posten ingen beløp, mottakere eller "
    "kontoer. Du ser dem når du har logget inn. Å åpne lenken godkjenner ingenting og endrer "
    "ingenting.",
    nameless="(uten navn)",
)
