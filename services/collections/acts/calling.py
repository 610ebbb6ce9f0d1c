"""An agency calls: believed by its signature, and then only as a reason to ask.

The same call twice asks once, since the agency's own id of it is the question's key.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.collections import queries
from services.collections.acts import answers, looking
from services.collections.gateways.agencies import Agencies
from services.collections.gateways.door import opened
from services.collections.gateways.opening import Opener
from services.collections.intents import LOOK, CaseAtAgency
from shared.decider import Rejected
from shared.effects.intents import Intent
from shared.work import Work


def take_call(
    work: Work,
    agencies: Agencies,
    opener: Opener,
    code: str,
    headers: Mapping[str, str],
    body: bytes,
) -> bool:
    """Whether it is believed. What is about no case of ours is believed and leads to nothing."""
    contact = looking.agreement_of(work, code).contact
    if contact is None or contact.hook_secret is None:
        return False
    try:
        agency = opened(agencies, opener, work.tenant_id, code, contact)
    except Rejected:
        return False
    secret = opener.text(work.tenant_id, contact.hook_secret)
    happened = agency.verified(headers, body, secret, work.now)
    if happened is None:
        return False
    case_id = queries.case_known_as(work.sql, work.tenant_id, happened.agency_case_id)
    if case_id is not None:
        agency_code = answers.case_of(work, case_id).facts.agency
        asked = CaseAtAgency(agency_code, happened.agency_case_id)
        work.intend(case_id, Intent(LOOK, f"{case_id}:call-{happened.event_id}", asked))
    return True
