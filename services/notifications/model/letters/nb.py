"""What letters say in Norwegian."""

from __future__ import annotations

from services.notifications.model.letter_texts import LetterTexts
from services.notifications.model.letters.words import Labels, LetterWords
from services.notifications.model.wording import Counted
from services.notifications.values import LetterKind

_PAID_ALREADY = (
    "Har du betalt de siste dagene, kan du se bort fra dette brevet.\n\n"
    "Har du spørsmål om kravet, er du velkommen til å kontakte oss."
)

LETTERS = LetterWords(
    language="nb",
    day="d. MMMM y",
    short_day="dd.MM.y",
    labels=Labels(
        date="Dato",
        customer="Kundenummer",
        letter="Purring nr.",
        invoice="Faktura",
        invoice_date="Fakturadato",
        due="Forfall",
        amount="Fakturabeløp",
        open="Restbeløp",
        charges="Gebyr og renter",
        to_pay="Sum",
        total="Å betale i alt",
        pay_by="Betales innen",
        balance="Saldo",
        charges_now="Gebyr og renter i dette brevet",
        earlier_charges="Tidligere gebyr og renter",
        law="Hjemmel",
        fee="Purregebyr",
        interest="Forsinkelsesrente",
        compensation="Standardkompensasjon",
        absorbed="Tidligere purregebyr, inngår i standardkompensasjonen",
        credit_note="Kreditnota",
        payment="Innbetaling",
        other="Postering",
        payment_details="Slik betaler du",
        reference="KID",
        payee="Betales til",
        scan="Skann for å betale",
        open_online="Skann for å se kontoen din",
        company_number="Org.nr.",
        page="Side {page} av {pages}",
        unverified="ikke etterprøvd",
        case="Saksnr.",
        registration="Reg.nr.",
        order="Ordrenr.",
        contact="Deres ref.",
    ),
    greeting="Hei {debtor_name}",
    regards="Med vennlig hilsen",
    payment_demand="Betal {total} innen {deadline}.",
    charges_notice="Gebyr og renter er beregnet etter loven; hjemmelen står ved hver linje.",
    collection_notice={
        "": "Dette er et inkassovarsel ({law}). Er beløpet ikke betalt innen {deadline}, kan kravet "
        "bli sendt til inkasso uten ytterligere varsel. Det vil føre til ekstra kostnader for deg. "
        "Mener du at kravet er feil, må du gi oss beskjed innen fristen.",
    },
    open_credits="På kontoen din står innbetalinger eller kreditnotaer på til sammen {credits} som "
    "ennå ikke er utlignet mot en bestemt faktura. De kan endre beløpet du skylder.",
    portal="Se hele kontoen og fakturaene dine her:",
    attached=Counted(one="Brevet er vedlagt.", many="Brev og fakturakopi er vedlagt."),
    interest_of="{rate} % per år av {base} i {days} dager, {from_on} til {through_on}",
    subject={
        LetterKind.REMINDER: "Betalingspåminnelse fra {creditor_name}",
        LetterKind.CHARGED: "Betalingspåminnelse fra {creditor_name}",
        LetterKind.WARNING: "Viktig brev fra {creditor_name}",
        LetterKind.STATEMENT: "Kontoutskrift fra {creditor_name}",
    },
    texts={
        LetterKind.REMINDER: LetterTexts(
            title="Vennlig påminnelse",
            body="Vi har ennå ikke registrert betalingen din av det som står nedenfor. Kanskje er "
            "det bare en forglemmelse.\n\n{payment_demand}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.CHARGED: LetterTexts(
            title="Purring",
            body="Forfallsdatoen er passert, og vi har ikke mottatt betalingen din.\n\n"
            "{payment_demand}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.WARNING: LetterTexts(
            title="Inkassovarsel",
            body="Vi har tidligere purret på betaling av det som står nedenfor uten å motta "
            "beløpet.\n\n{payment_demand}\n\n{collection_notice}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.STATEMENT: LetterTexts(
            title="Kontoutskrift",
            body="Her er de åpne postene på kontoen din hos {creditor_name} per {issued_on}.",
            closing="Stemmer ikke kontoutskriften med ditt eget regnskap, gi oss beskjed.",
        ),
    },
)
