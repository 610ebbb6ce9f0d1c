"""What mails say in Finnish.

Unverified: no native reader has read these texts yet. Names of companies and persons stand where
they need no case ending, since an ending cannot be put on a name that is not known.
"""

from __future__ import annotations

from services.notifications.model.wording import Counted, Texts, Words

APPROVER = "Saat tämän viestin, koska hyväksyt tämän yrityksen maksuja: {client}."
CREATOR = "Saat tämän viestin, koska lähetit tämän yrityksen maksuja hyväksyttäväksi: {client}."
KEEPER = "Saat tämän viestin, koska seuraat tämän yrityksen maksuja: {client}."
OPEN = Counted(one="Avaa maksu", many="Avaa maksut")

TEXTS = Texts(
    language="fi",
    instant="EEEE d. MMMM y 'klo' H.mm",
    approval_requested=Words(
        subject=Counted(
            one="1 maksu odottaa hyväksyntääsi: {client}",
            many="{payments} maksua odottaa hyväksyntääsi: {client}",
        ),
        heading=Counted(
            one="1 maksu odottaa hyväksyntääsi",
            many="{payments} maksua odottaa hyväksyntääsi",
        ),
        lead=Counted(
            one="{asked_by} pyytää sinua hyväksymään tai hylkäämään 1 maksun. Yritys: {client}.",
            many="{asked_by} pyytää sinua hyväksymään tai hylkäämään {payments} maksua. "
            "Yritys: {client}.",
        ),
        next=Counted(
            one="Vastaa viimeistään {answer_by}, jotta se voidaan maksaa ajoissa. "
            "Sitä ei makseta ennen hyväksyntää.",
            many="Vastaa viimeistään {answer_by}, jotta ne voidaan maksaa ajoissa. "
            "Mitään niistä ei makseta ennen hyväksyntää.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_reminder=Words(
        subject=Counted(
            one="1 maksu odottaa yhä hyväksyntääsi: {client}",
            many="{payments} maksua odottaa yhä hyväksyntääsi: {client}",
        ),
        heading=Counted(
            one="1 maksu odottaa yhä hyväksyntääsi",
            many="{payments} maksua odottaa yhä hyväksyntääsi",
        ),
        lead=Counted(
            one="{asked_by} on pyytänyt sinua hyväksymään tai hylkäämään 1 maksun. "
            "Yritys: {client}. Et ole vielä vastannut.",
            many="{asked_by} on pyytänyt sinua hyväksymään tai hylkäämään {payments} maksua. "
            "Yritys: {client}. Et ole vielä vastannut.",
        ),
        next=Counted(
            one="Vastaa viimeistään {answer_by}. Sen jälkeen sitä ei voida enää maksaa ajoissa.",
            many="Vastaa viimeistään {answer_by}. Sen jälkeen niitä ei voida enää maksaa ajoissa.",
        ),
        action=OPEN,
        because=APPROVER,
    ),
    approval_expired=Words(
        subject=Counted(
            one="1 maksun hyväksyntäaika on päättynyt: {client}",
            many="{payments} maksun hyväksyntäaika on päättynyt: {client}",
        ),
        heading=Counted(
            one="1 maksun hyväksyntäaika on päättynyt",
            many="{payments} maksun hyväksyntäaika on päättynyt",
        ),
        lead=Counted(
            one="1 maksua ei hyväksytty määräajassa, joka päättyi {expired_at}. Yritys: {client}.",
            many="{payments} maksua ei hyväksytty määräajassa, joka päättyi {expired_at}. "
            "Yritys: {client}.",
        ),
        next=Counted(
            one="Sitä ei ole maksettu. Voit lähettää sen uudelleen hyväksyttäväksi.",
            many="Niitä ei ole maksettu. Voit lähettää ne uudelleen hyväksyttäväksi.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_rejected=Words(
        subject=Counted(
            one="Hyväksyjä on hylännyt 1 maksun: {client}",
            many="Hyväksyjä on hylännyt {payments} maksua: {client}",
        ),
        heading=Counted(
            one="Hyväksyjä on hylännyt 1 maksun",
            many="Hyväksyjä on hylännyt {payments} maksua",
        ),
        lead=Counted(
            one="{rejected_by} on hylännyt 1 maksun. Yritys: {client}. Syy näkyy maksun kohdalla.",
            many="{rejected_by} on hylännyt {payments} maksua. Yritys: {client}. "
            "Syy näkyy kunkin maksun kohdalla.",
        ),
        next=Counted(
            one="Sitä ei ole maksettu. Muuta sitä ja lähetä se uudelleen hyväksyttäväksi, "
            "tai peruuta se.",
            many="Niitä ei ole maksettu. Muuta niitä ja lähetä ne uudelleen hyväksyttäväksi, "
            "tai peruuta ne.",
        ),
        action=OPEN,
        because=CREATOR,
    ),
    payments_failed=Words(
        subject=Counted(
            one="Pankki on hylännyt 1 maksun: {client}",
            many="Pankki on hylännyt {payments} maksua: {client}",
        ),
        heading=Counted(
            one="Pankki on hylännyt 1 maksun",
            many="Pankki on hylännyt {payments} maksua",
        ),
        lead=Counted(
            one="Pankki on hylännyt 1 maksun. Yritys: {client}. "
            "Pankin ilmoittama syy näkyy maksun kohdalla.",
            many="Pankki on hylännyt {payments} maksua. Yritys: {client}. "
            "Pankin ilmoittama syy näkyy kunkin maksun kohdalla.",
        ),
        next=Counted(
            one="Rahaa ei ole siirtynyt, eikä sitä lähetetä uudelleen automaattisesti.",
            many="Rahaa ei ole siirtynyt, eikä niitä lähetetä uudelleen automaattisesti.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_unknown=Words(
        subject=Counted(
            one="1 maksun lopputulos ei ole tiedossa: {client}",
            many="{payments} maksun lopputulos ei ole tiedossa: {client}",
        ),
        heading=Counted(
            one="1 maksun lopputulos ei ole tiedossa",
            many="{payments} maksun lopputulos ei ole tiedossa",
        ),
        lead=Counted(
            one="1 maksu on lähetetty, eikä kukaan tiedä, onko se pankilla. Yritys: {client}.",
            many="{payments} maksua on lähetetty, eikä kukaan tiedä, ovatko ne pankilla. "
            "Yritys: {client}.",
        ),
        next=Counted(
            one="Älä maksa sitä muulla tavalla: se voi vielä toteutua. "
            "Sitä ei lähetetä uudelleen, ennen kuin lopputulos tiedetään.",
            many="Älä maksa niitä muulla tavalla: ne voivat vielä toteutua. "
            "Niitä ei lähetetä uudelleen, ennen kuin lopputulos tiedetään.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    payments_returned=Words(
        subject=Counted(
            one="1 maksu on palautunut: {client}",
            many="{payments} maksua on palautunut: {client}",
        ),
        heading=Counted(
            one="1 maksu on palautunut",
            many="{payments} maksua on palautunut",
        ),
        lead=Counted(
            one="1 maksu suoritettiin, ja rahat palautuivat. Yritys: {client}.",
            many="{payments} maksua suoritettiin, ja rahat palautuivat. Yritys: {client}.",
        ),
        next=Counted(
            one="Katso syy ja päätä, maksetaanko uudelleen. "
            "Mitään ei makseta uudelleen automaattisesti.",
            many="Katso syy ja päätä, mitkä maksetaan uudelleen. "
            "Mitään ei makseta uudelleen automaattisesti.",
        ),
        action=OPEN,
        because=KEEPER,
    ),
    list_waits=Words(
        subject=Counted(
            one="1 lasku päivän muistutuslistalla: {client}",
            many="{payments} laskua päivän muistutuslistalla: {client}",
        ),
        heading=Counted(
            one="1 lasku päivän muistutuslistalla",
            many="{payments} laskua päivän muistutuslistalla",
        ),
        lead=Counted(
            one="1 lasku odottaa tänään muistutusta: {client}.",
            many="{payments} laskua ({debtors} velallista) odottaa tänään muistutusta: {client}.",
        ),
        next=Counted(
            one="Lista odottaa sinua: lähetä kaikki tai osa, keskeytä tai jätä pois.",
            many="Lista odottaa sinua: lähetä kaikki tai osa, keskeytä tai jätä pois.",
        ),
        action=Counted(one="Avaa päivän lista", many="Avaa päivän lista"),
        because="Saat tämän viestin, koska tilaat päivän listan: {client}.",
    ),
    list_goes=Words(
        subject=Counted(
            one="1 lasku päivän muistutuslistalla: {client}",
            many="{payments} laskua päivän muistutuslistalla: {client}",
        ),
        heading=Counted(
            one="1 lasku päivän muistutuslistalla",
            many="{payments} laskua päivän muistutuslistalla",
        ),
        lead=Counted(
            one="1 lasku odottaa tänään muistutusta: {client}.",
            many="{payments} laskua ({debtors} velallista) odottaa tänään muistutusta: {client}.",
        ),
        next=Counted(
            one="Lista lähtee itsestään {goes_at}. Siihen asti voit jättää pois tai keskeyttää.",
            many="Lista lähtee itsestään {goes_at}. Siihen asti voit jättää pois tai keskeyttää.",
        ),
        action=Counted(one="Avaa päivän lista", many="Avaa päivän lista"),
        because="Saat tämän viestin, koska tilaat päivän listan: {client}.",
    ),
    list_discretion="Kuka on velkaa ja kuinka paljon, näet kirjauduttuasi sisään. Linkin avaaminen ei lähetä mitään.",
    address="Jos painike ei toimi, kopioi tämä osoite selaimeesi:",
    discretion="Turvallisuutesi vuoksi viestissä ei mainita summia, saajia eikä tilejä. "
    "Näet ne, kun olet kirjautunut sisään. Linkin avaaminen ei hyväksy eikä muuta mitään.",
    nameless="(ei nimeä)",
)
