"""What mails say in Swedish."""

from __future__ import annotations

from services.notifications.model.wording import Counted, Texts, Words

APPROVER = "Du får det här mejlet för att du attesterar betalningar för {client}."
CREATOR = "Du får det här mejlet för att du har skickat för attest för {client}."
KEEPER = "Du får det här mejlet för att du följer betalningarna för {client}."
OPEN = Counted(one="Öppna betalningen", many="Öppna betalningarna")

TEXTS = Texts(
    language="sv",
    instant="EEEE d MMMM y 'kl.' HH.mm",
    approval_requested=Words(
        subject=Counted(
            one="1 betalning väntar på din attest: {client}",
            many="{payments} betalningar väntar på din attest: {client}",
        ),
        heading=Counted(
            one="1 betalning väntar på din attest",
            many="{payments} betalningar väntar på din attest",
        ),
        lead=Counted(
            one="{asked_by} ber dig attestera eller avvisa 1 betalning för {client}.",
            many="{asked_by} ber dig attestera eller avvisa {payments} betalningar för {client}.",
        ),
        next=Counted(
            one="Svara senast {answer_by}, så att den kan betalas i tid. "
            "Den betalas inte förrän den är attesterad.",
            many="Svara senast {answer_by}, så att de kan betalas i tid. "
            "Ingen av dem betalas förrän den är attesterad.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_reminder=Words(
        subject=Counted(
            one="1 betalning väntar fortfarande på din attest: {client}",
            many="{payments} betalningar väntar fortfarande på din attest: {client}",
        ),
        heading=Counted(
            one="1 betalning väntar fortfarande på din attest",
            many="{payments} betalningar väntar fortfarande på din attest",
        ),
        lead=Counted(
            one="{asked_by} har bett dig attestera eller avvisa 1 betalning för {client}. "
            "Du har inte svarat än.",
            many="{asked_by} har bett dig attestera eller avvisa {payments} betalningar för "
            "{client}. Du har inte svarat än.",
        ),
        next=Counted(
            one="Svara senast {answer_by}. Därefter kan den inte längre betalas i tid.",
            many="Svara senast {answer_by}. Därefter kan de inte längre betalas i tid.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_expired=Words(
        subject=Counted(
            one="Tiden för attest har gått ut för 1 betalning: {client}",
            many="Tiden för attest har gått ut för {payments} betalningar: {client}",
        ),
        heading=Counted(
            one="Tiden för attest har gått ut för 1 betalning",
            many="Tiden för attest har gått ut för {payments} betalningar",
        ),
        lead=Counted(
            one="1 betalning för {client} attesterades inte före {expired_at}.",
            many="{payments} betalningar för {client} attesterades inte före {expired_at}.",
        ),
        next=Counted(
            one="Den har inte betalats. Du kan skicka den för attest igen.",
            many="De har inte betalats. Du kan skicka dem för attest igen.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_rejected=Words(
        subject=Counted(
            one="1 betalning avvisad av en attestant: {client}",
            many="{payments} betalningar avvisade av en attestant: {client}",
        ),
        heading=Counted(
            one="En attestant har avvisat 1 betalning",
            many="En attestant har avvisat {payments} betalningar",
        ),
        lead=Counted(
            one="{rejected_by} har avvisat 1 betalning för {client}. Skälet står vid betalningen.",
            many="{rejected_by} har avvisat {payments} betalningar för {client}. "
            "Skälet står vid varje betalning.",
        ),
        next=Counted(
            one="Den har inte betalats. Ändra den och skicka den för attest igen, "
            "eller makulera den.",
            many="De har inte betalats. Ändra dem och skicka dem för attest igen, "
            "eller makulera dem.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_failed=Words(
        subject=Counted(
            one="1 betalning nekad av banken: {client}",
            many="{payments} betalningar nekade av banken: {client}",
        ),
        heading=Counted(
            one="Banken har nekat 1 betalning",
            many="Banken har nekat {payments} betalningar",
        ),
        lead=Counted(
            one="Banken har nekat 1 betalning för {client}. Bankens skäl står vid betalningen.",
            many="Banken har nekat {payments} betalningar för {client}. "
            "Bankens skäl står vid varje betalning.",
        ),
        next=Counted(
            one="Inga pengar har flyttats, och den skickas inte igen av sig själv.",
            many="Inga pengar har flyttats, och de skickas inte igen av sig själva.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_unknown=Words(
        subject=Counted(
            one="Okänt utfall för 1 betalning: {client}",
            many="Okänt utfall för {payments} betalningar: {client}",
        ),
        heading=Counted(
            one="Utfallet av 1 betalning är okänt",
            many="Utfallet av {payments} betalningar är okänt",
        ),
        lead=Counted(
            one="1 betalning för {client} har skickats, och ingen vet om banken har den.",
            many="{payments} betalningar för {client} har skickats, och ingen vet om banken har "
            "dem.",
        ),
        next=Counted(
            one="Betala den inte på annat sätt: den kan fortfarande gå igenom. "
            "Den skickas inte igen förrän utfallet är känt.",
            many="Betala dem inte på annat sätt: de kan fortfarande gå igenom. "
            "De skickas inte igen förrän utfallet är känt.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_returned=Words(
        subject=Counted(
            one="1 betalning har kommit i retur: {client}",
            many="{payments} betalningar har kommit i retur: {client}",
        ),
        heading=Counted(
            one="1 betalning har kommit i retur",
            many="{payments} betalningar har kommit i retur",
        ),
        lead=Counted(
            one="1 betalning för {client} genomfördes, och pengarna har kommit tillbaka.",
            many="{payments} betalningar för {client} genomfördes, och pengarna har kommit "
            "tillbaka.",
        ),
        next=Counted(
            one="Se varför och avgör om den ska betalas igen. Inget betalas igen av sig självt.",
            many="Se varför och avgör vilka som ska betalas igen. "
            "Inget betalas igen av sig självt.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    list_waits=Words(
        subject=Counted(
            one="1 faktura på dagens påminnelselista: {client}",
            many="{payments} fakturor på dagens påminnelselista: {client}",
        ),
        heading=Counted(
            one="1 faktura på dagens påminnelselista",
            many="{payments} fakturor på dagens påminnelselista",
        ),
        lead=Counted(
            one="1 faktura för {client} ska påminnas i dag.",
            many="{payments} fakturor hos {debtors} gäldenärer ska påminnas i dag för {client}.",
        ),
        next=Counted(
            one="Listan väntar på dig: skicka allt eller något, pausa eller uteslut.",
            many="Listan väntar på dig: skicka allt eller något, pausa eller uteslut.",
        ),
        action=Counted(one="Öppna dagens lista", many="Öppna dagens lista"),
        because="Du får detta mejl eftersom du prenumererar på dagens lista för {client}.",
    ),
    list_goes=Words(
        subject=Counted(
            one="1 faktura på dagens påminnelselista: {client}",
            many="{payments} fakturor på dagens påminnelselista: {client}",
        ),
        heading=Counted(
            one="1 faktura på dagens påminnelselista",
            many="{payments} fakturor på dagens påminnelselista",
        ),
        lead=Counted(
            one="1 faktura för {client} ska påminnas i dag.",
            many="{payments} fakturor hos {debtors} gäldenärer ska påminnas i dag för {client}.",
        ),
        next=Counted(
            one="Listan skickas av sig själv {goes_at}. Till dess kan du utesluta eller pausa.",
            many="Listan skickas av sig själv {goes_at}. Till dess kan du utesluta eller pausa.",
        ),
        action=Counted(one="Öppna dagens lista", many="Öppna dagens lista"),
        because="Du får detta mejl eftersom du prenumererar på dagens lista för {client}.",
    ),
    list_discretion="Vem som är skyldig och hur mycket ser du när du har loggat in. Att öppna länken skickar ingenting.",
    address="Om knappen inte fungerar, kopiera den här adressen till din webbläsare:",
    discretion="För din säkerhets skull nämner mejlet inga belopp, mottagare eller konton. "
    "Du ser dem när du har loggat in. Att öppna länken attesterar inget och ändrar inget.",
    nameless="(utan namn)",
)
