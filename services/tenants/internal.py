"""What services say among themselves: an assertion for a session. No ingress passes this on."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, Field

from services.tenants.desk import Here
from shared.web.mesh import refuse_strangers
from shared.web.problem import not_signed_in


def from_the_mesh(request: Request, here: Here) -> None:
    """Nobody but services finds this door."""
    refuse_strangers(request, here.mesh)


class AssertionSought(BaseModel):
    """`audience` is the name of the service that will let the session's holder in."""

    session: str = Field(max_length=256)
    audience: str = Field(pattern="^[a-z]{1,32}$")


class Assertion(BaseModel):
    assertion: str


router = APIRouter(dependencies=[Depends(from_the_mesh)])


@router.post("/tenants/internal/assertions")
def assertion(sought: AssertionSought, here: Here) -> Assertion:
    token = here.identities.assertion(sought.session, sought.audience)
    if token is None:
        raise not_signed_in()
    return Assertion(assertion=token)
