"""What every page of sync is given, and who may see and do what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends

from shared.vault import Vault
from shared.web import desk
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from shared.web.scope import TenantScope, tenant_scope

Sees = Annotated[
    TenantScope, Depends(tenant_scope(BOOKKEEPER, APPROVER, OPERATIONS, ADMINISTRATOR))
]
Watches = Annotated[TenantScope, Depends(tenant_scope(BOOKKEEPER, OPERATIONS, ADMINISTRATOR))]
Books = Annotated[TenantScope, Depends(tenant_scope(BOOKKEEPER, ADMINISTRATOR))]


@dataclass(frozen=True, slots=True)
class Desk(desk.Desk):
    vault: Vault
