"""What letters say in Swedish."""

from __future__ import annotations

from services.notifications.model.letter_texts import LetterTexts
from services.notifications.model.letters.words import Labels, LetterWords
from services.notifications.model.wording import Counted
from services.notifications.values import LetterKind

_PAID_ALREADY = (
    "Om du har betalat under de senaste dagarna kan du bortse från detta brev.\n\n"
    "Har du frågor om kravet är du välkommen att kontakta oss."
)

LETTERS = LetterWords(
    language="sv",
    day="d MMMM y",
    short_day="y-MM-dd",
    labels=Labels(
        date="Datum",
        customer="Kundnummer",
        letter="Påminnelse nr",
        invoice="Faktura",
        invoice_date="Fakturadatum",
        due="Förfallodag",
        amount="Fakturabelopp",
        open="Kvar att betala",
        charges="Avgift och ränta",
        to_pay="Summa",
        total="Att betala totalt",
        pay_by="Betalas senast",
        balance="Saldo",
        charges_now="Avgift och ränta i detta brev",
        earlier_charges="Tidigare avgift och ränta",
        law="Lagrum",
        fee="Påminnelseavgift",
        interest="Dröjsmålsränta",
        compensation="Förseningsersättning",
        absorbed="Tidigare påminnelseavgift, ingår i förseningsersättningen",
        credit_note="Kreditnota",
        payment="Inbetalning",
        other="Bokföringspost",
        payment_details="Så betalar du",
        reference="OCR-nummer",
        payee="Betalas till",
        scan="Skanna för att betala",
        open_online="Skanna för att se ditt konto",
        company_number="Org.nr",
        page="Sida {page} av {pages}",
        unverified="ej verifierad",
        case="Ärendenr",
        registration="Reg.nr",
        order="Ordernr",
        contact="Er referens",
    ),
    greeting="Hej {debtor_name}",
    regards="Med vänlig hälsning",
    payment_demand="Betala {total} senast den {deadline}.",
    charges_notice="Avgift och ränta är beräknade enligt lag; lagrummet står vid varje rad.",
    collection_notice={
        # Inkassolagen § 5: what is claimed and why stands above; here deadline, and what follows.
        "SE": "Detta är ett inkassokrav ({law}). Om beloppet inte är betalt senast den {deadline} kan "
        "kravet lämnas till inkassoombud eller till Kronofogden utan ytterligare påminnelse. Det "
        "medför ytterligare kostnader för dig. Anser du att kravet är fel ska du meddela oss före "
        "den dagen.",
        "": "Detta är ett inkassovarsel ({law}). Om beloppet inte är betalt senast den {deadline} kan "
        "kravet lämnas till inkasso utan ytterligare varsel. Det medför ytterligare kostnader för "
        "dig. Anser du att kravet är fel ska du meddela oss före den dagen.",
    },
    open_credits="På ditt konto finns inbetalningar eller kreditnotor på sammanlagt {credits} som "
    "ännu inte har prickats av mot en viss faktura. De kan ändra det belopp som du är skyldig.",
    portal="Se hela ditt konto och dina fakturor här:",
    attached=Counted(one="Brevet är bifogat.", many="Brev och fakturakopia är bifogade."),
    interest_of="{rate} % per år på {base} i {days} dagar, {from_on} till {through_on}",
    subject={
        LetterKind.REMINDER: "Betalningspåminnelse från {creditor_name}",
        LetterKind.CHARGED: "Betalningspåminnelse från {creditor_name}",
        LetterKind.WARNING: "Viktigt brev från {creditor_name}",
        LetterKind.STATEMENT: "Kontoutdrag från {creditor_name}",
    },
    texts={
        LetterKind.REMINDER: LetterTexts(
            title="Vänlig påminnelse",
            body="Vi har ännu inte registrerat din betalning av nedanstående. Kanske är det bara "
            "ett förbiseende.\n\n{payment_demand}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.CHARGED: LetterTexts(
            title="Betalningspåminnelse",
            body="Förfallodagen har passerat och vi har inte fått din betalning av nedanstående.\n\n"
            "{payment_demand}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.WARNING: LetterTexts(
            title="Inkassokrav",
            body="Vi har tidigare påmint om betalning av nedanstående utan att få beloppet.\n\n"
            "{payment_demand}\n\n{collection_notice}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.STATEMENT: LetterTexts(
            title="Kontoutdrag",
            body="Här är de öppna posterna på ditt konto hos {creditor_name} per den {issued_on}.",
            closing="Stämmer kontoutdraget inte med dina egna böcker, hör av dig till oss.",
        ),
    },
)
