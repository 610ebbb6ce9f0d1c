"""What every page of sync is given, and who may see and do what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends

from shared.runtime import Runtime
from shared.vault import Vault
from shared.web.frame import ADMINISTRATOR, APPROVER, BOOKKEEPER, OPERATIONS
from shared.web.scope import TenantScope, tenant_scope
from shared.work import Work

Sees = Annotated[
    TenantScope, Depends(tenant_scope(BOOKKEEPER, APPROVER, OPERATIONS, ADMINISTRATOR))
]
Watches = Annotated[TenantScope, Depends(tenant_scope(BOOKKEEPER, OPERATIONS, ADMINISTRATOR))]
Books = Annotated[TenantScope, Depends(tenant_scope(BOOKKEEPER, ADMINISTRATOR))]


@dataclass(frozen=True, slots=True)
class Desk:
    """`work` answers a signed-in person's command in one transaction."""

    runtime: Runtime
    vault: Vault

    def work(self, scope: TenantScope, command: Callable[[Work], Any]) -> Any:
        actor = f"user:{scope.identity.user_id}"
        return self.runtime.work(scope.tenant_id, actor, command)
