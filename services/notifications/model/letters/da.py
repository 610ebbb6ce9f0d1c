"""What letters say in Danish."""

from __future__ import annotations

from services.notifications.model.letter_texts import LetterTexts
from services.notifications.model.letters.words import Labels, LetterWords
from services.notifications.model.wording import Counted
from services.notifications.values import LetterKind

_PAID_ALREADY = (
    "Har du betalt inden for de seneste dage, kan du se bort fra dette brev.\n\n"
    "Har du spørgsmål til kravet, er du velkommen til at kontakte os."
)

LETTERS = LetterWords(
    language="da",
    day="d. MMMM y",
    short_day="dd.MM.y",
    labels=Labels(
        date="Dato",
        customer="Kundenummer",
        letter="Rykker nr.",
        invoice="Faktura",
        invoice_date="Fakturadato",
        due="Forfald",
        amount="Fakturabeløb",
        open="Restbeløb",
        charges="Gebyr og renter",
        to_pay="I alt",
        total="At betale i alt",
        pay_by="Betales senest",
        balance="Saldo",
        charges_now="Gebyr og renter i dette brev",
        earlier_charges="Tidligere gebyr og renter",
        law="Hjemmel",
        fee="Rykkergebyr",
        interest="Morarente",
        compensation="Kompensationsbeløb",
        absorbed="Tidligere rykkergebyr, indeholdt i kompensationen",
        credit_note="Kreditnota",
        payment="Indbetaling",
        other="Postering",
        payment_details="Sådan betaler du",
        reference="Betalings-id",
        payee="Betales til",
        scan="Scan for at betale",
        open_online="Scan for at se din konto",
        company_number="CVR-nr.",
        page="Side {page} af {pages}",
        unverified="ikke efterprøvet",
        case="Sagsnr.",
        registration="Reg.nr.",
        order="Ordrenr.",
        contact="Jeres ref.",
    ),
    greeting="Kære {debtor_name}",
    regards="Med venlig hilsen",
    payment_demand="Betal {total} senest {deadline}.",
    charges_notice="Gebyr og renter er opgjort efter loven; hjemlen står ved hver linje.",
    collection_notice={
        "": "Dette er et inkassovarsel ({law}). Er beløbet ikke betalt senest {deadline}, kan kravet "
        "uden yderligere varsel blive overgivet til inkasso. Det vil medføre yderligere omkostninger, "
        "som du skal betale. Er kravet efter din opfattelse forkert, så giv os besked inden fristen.",
    },
    open_credits="På din konto står indbetalinger eller kreditnotaer på i alt {credits}, som endnu "
    "ikke er udlignet med en bestemt faktura. De kan ændre det beløb, du skylder.",
    portal="Se hele din konto og dine fakturaer her:",
    attached=Counted(one="Brevet er vedhæftet.", many="Brev og fakturakopi er vedhæftet."),
    interest_of="{rate} % om året af {base} i {days} dage, {from_on} til {through_on}",
    subject={
        LetterKind.REMINDER: "Betalingspåmindelse fra {creditor_name}",
        LetterKind.CHARGED: "Betalingspåmindelse fra {creditor_name}",
        LetterKind.WARNING: "Vigtigt brev fra {creditor_name}",
        LetterKind.STATEMENT: "Kontoudtog fra {creditor_name}",
    },
    texts={
        LetterKind.REMINDER: LetterTexts(
            title="Venlig påmindelse",
            body="Vi har endnu ikke registreret din betaling af nedenstående. Måske er det blot "
            "en forglemmelse.\n\n{payment_demand}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.CHARGED: LetterTexts(
            title="Rykker",
            body="Trods forfald har vi ikke modtaget din betaling af nedenstående.\n\n"
            "{payment_demand}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.WARNING: LetterTexts(
            title="Inkassovarsel",
            body="Vi har tidligere rykket for betaling af nedenstående uden at modtage beløbet.\n\n"
            "{payment_demand}\n\n{collection_notice}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.STATEMENT: LetterTexts(
            title="Kontoudtog",
            body="Her er de åbne poster på din konto hos {creditor_name} pr. {issued_on}.",
            closing="Stemmer kontoudtoget ikke med dine egne bøger, så giv os besked.",
        ),
    },
)
