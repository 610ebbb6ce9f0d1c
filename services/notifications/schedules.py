"""The clock: when a window ends, what was held back in it goes out in one mail."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from services.notifications.acts.devices import push_beside
from services.notifications.commands import IntendDelivery, JoinDigest
from services.notifications.intents import DIGEST, DigestOf
from services.notifications.model.delivery import DELIVERY
from services.notifications.model.pace import digest, digest_id
from services.notifications.queries import messages as queries
from shared.scheduler import Job, Occurrence
from shared.work import Work


def send_digest(occurrence: Occurrence, work: Work) -> None:
    about = msgspec.json.decode(occurrence.body, type=DigestOf)
    place = (work.tenant_id, about.recipient_id, about.occasion, occurrence.due_at)
    waiting = queries.gathered(work.sql, *place)
    states = [work.load(DELIVERY, one).state for one in waiting]
    notices = [state.notice for state in states if state is not None]
    if not notices:
        return
    own_id = digest_id(*place)
    command = IntendDelivery(digest(own_id, notices), 0, work.now)
    push_beside(work, own_id, work.execute(DELIVERY, own_id, command))
    for one in waiting:
        work.execute(DELIVERY, one, JoinDigest(own_id))


JOBS: Mapping[str, Job] = {DIGEST: send_digest}
