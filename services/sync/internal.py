"""What services ask of sync among themselves: an invoice's copy, to go along with a letter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from services.sync.desk import Desk
from services.sync.gateways import copies
from shared.web.mesh import Network, from_the_mesh
from shared.web.problem import not_found

Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


def internal_of(desk: Desk, mesh: Sequence[Network]) -> APIRouter:
    router = APIRouter(dependencies=[Depends(from_the_mesh(mesh))])

    @router.get("/sync/internal/tenants/{tenant_id}/copies/{sha}")
    def copy(tenant_id: UUID, sha: Sha) -> Response:
        """A client's own document, byte for byte; another client's is not there."""
        with desk.transaction(tenant_id) as transaction:
            found = copies.fetch(transaction.raw, sha)
        if found is None:
            raise not_found()
        content, media_type = found
        return Response(content, media_type=media_type)

    return router
