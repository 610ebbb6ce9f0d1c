"""What services ask of notifications among themselves: a letter, for the debtor whom it was sent to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Path
from starlette.responses import Response

from services.notifications.desk import Here
from shared.web.mesh import Network, from_the_mesh
from shared.web.problem import not_found

Sha = Annotated[str, Path(pattern="^[0-9a-f]{64}$")]


def internal_of(mesh: Sequence[Network]) -> APIRouter:
    router = APIRouter(dependencies=[Depends(from_the_mesh(mesh))])

    @router.get("/notifications/internal/tenants/{tenant_id}/documents/{sha}")
    def document(tenant_id: UUID, sha: Sha, desk: Here) -> Response:
        """A creditor's own letter, byte for byte as it was sent; another's is not there."""
        found = desk.document(tenant_id, sha)
        if found is None:
            raise not_found()
        return Response(found[0], media_type=found[1])

    return router
