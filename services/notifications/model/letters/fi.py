"""What letters say in Finnish. Not yet read by a Finnish bookkeeper or lawyer."""

from __future__ import annotations

from services.notifications.model.letter_texts import LetterTexts
from services.notifications.model.letters.words import Labels, LetterWords
from services.notifications.model.wording import Counted
from services.notifications.values import LetterKind

_PAID_ALREADY = (
    "Jos olette maksanut viime päivinä, tämä kirje on aiheeton.\n\n"
    "Jos teillä on kysyttävää saatavasta, ottakaa meihin yhteyttä."
)

LETTERS = LetterWords(
    language="fi",
    day="d. MMMM y",
    short_day="d.M.y",
    labels=Labels(
        date="Päiväys",
        customer="Asiakasnumero",
        letter="Muistutus nro",
        invoice="Lasku",
        invoice_date="Laskun päiväys",
        due="Eräpäivä",
        amount="Laskun summa",
        open="Avoinna",
        charges="Kulut ja korot",
        to_pay="Yhteensä",
        total="Maksettavaa yhteensä",
        pay_by="Maksettava viimeistään",
        balance="Saldo",
        charges_now="Tämän kirjeen kulut ja korot",
        earlier_charges="Aiemmat kulut ja korot",
        law="Peruste",
        fee="Muistutusmaksu",
        interest="Viivästyskorko",
        compensation="Vakiokorvaus",
        absorbed="Aiempi muistutusmaksu, sisältyy vakiokorvaukseen",
        credit_note="Hyvityslasku",
        payment="Suoritus",
        other="Kirjaus",
        payment_details="Maksutiedot",
        reference="Viitenumero",
        payee="Saaja",
        scan="Maksa lukemalla koodi",
        open_online="Lue koodi ja katso tilinne",
        company_number="Y-tunnus",
        page="Sivu {page} / {pages}",
        unverified="vahvistamatta",
        case="Asianumero",
        registration="Rekisterinumero",
        order="Tilausnumero",
        contact="Viitteenne",
    ),
    greeting="Hyvä {debtor_name}",
    regards="Ystävällisin terveisin",
    payment_demand="Maksakaa {total} viimeistään {deadline}.",
    charges_notice="Kulut ja korot on laskettu lain mukaan; peruste on merkitty kunkin rivin kohdalle.",
    collection_notice={
        "": "Tämä on maksumuistutus perintäuhalla ({law}). Ellei summaa ole maksettu viimeistään "
        "{deadline}, saatava voidaan siirtää perintään ilman uutta ilmoitusta. Siitä aiheutuu teille "
        "lisäkuluja. Jos katsotte vaatimuksen aiheettomaksi, ilmoittakaa siitä meille määräajassa.",
    },
    open_credits="Tilillänne on suorituksia tai hyvityslaskuja yhteensä {credits}, joita ei ole vielä "
    "kohdistettu tiettyyn laskuun. Ne voivat muuttaa maksettavaa summaa.",
    portal="Katsokaa koko tilinne ja laskunne täältä:",
    attached=Counted(one="Kirje on liitteenä.", many="Kirje ja laskun kopio ovat liitteenä."),
    interest_of="{rate} % vuodessa summasta {base}, {days} päivää, {from_on} – {through_on}",
    subject={
        LetterKind.REMINDER: "Maksumuistutus, lähettäjä {creditor_name}",
        LetterKind.CHARGED: "Maksumuistutus, lähettäjä {creditor_name}",
        LetterKind.WARNING: "Tärkeä kirje, lähettäjä {creditor_name}",
        LetterKind.STATEMENT: "Tiliote, lähettäjä {creditor_name}",
    },
    texts={
        LetterKind.REMINDER: LetterTexts(
            title="Ystävällinen muistutus",
            body="Emme ole vielä kirjanneet maksuanne alla olevasta. Ehkä kyseessä on vain "
            "unohdus.\n\n{payment_demand}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.CHARGED: LetterTexts(
            title="Maksumuistutus",
            body="Eräpäivä on mennyt, emmekä ole saaneet maksuanne.\n\n"
            "{payment_demand}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.WARNING: LetterTexts(
            title="Maksumuistutus ja perintäuhka",
            body="Olemme aiemmin muistuttaneet alla olevan maksamisesta saamatta suoritusta.\n\n"
            "{payment_demand}\n\n{collection_notice}\n\n{charges_notice}",
            closing=_PAID_ALREADY,
        ),
        LetterKind.STATEMENT: LetterTexts(
            title="Tiliote",
            body="Tässä ovat tilinne avoimet erät yrityksessä {creditor_name}, {issued_on}.",
            closing="Jos tiliote ei vastaa omaa kirjanpitoanne, ilmoittakaa siitä meille.",
        ),
    },
)
