"""A client's own logo and letterhead: drawn anew, refused by name, and told of."""

from __future__ import annotations

import io
import struct
import zlib
from base64 import b64decode
from hashlib import sha256
from random import Random
from uuid import UUID

import pytest
from PIL import Image

from services.tenants.acts import demo
from services.tenants.gateways import logos
from services.tenants.gateways.logos import logo_of
from shared.contracts.tenants import BrandingChanged
from shared.decider import Rejected
from shared.testing.site import Site
from shared.testing.world import World
from shared.web.identity import Grant, Identity
from tests.tenants.conftest import bearer

OFFICE, CLIENT = demo.STRANDGADE.agency_id, demo.FJORDVIG.client_id
BRANDING = f"/tenants/v1/clients/{CLIENT}"


def headers(user_id: UUID) -> dict[str, str]:
    return bearer(Identity(user_id, "whoever", "da", (), OFFICE))


def soren() -> dict[str, str]:
    """Made when it is needed: an assertion is good for five minutes."""
    return headers(demo.SOREN.user_id)


def picture(width: int, height: int, form: str = "PNG", *, noise: bool = False) -> bytes:
    image = Image.new("RGB", (width, height), "#0a5b63")
    if noise:
        image = Image.frombytes("RGB", (width, height), Random(7).randbytes(width * height * 3))
    out = io.BytesIO()
    image.save(out, form)
    return out.getvalue()


def bomb() -> bytes:
    """A small PNG whose head announces a picture of 60,000 by 60,000 pixels."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0)
    body = zlib.compress(bytes(1_000))
    chunks = (chunk(b"IHDR", head), chunk(b"IDAT", body), chunk(b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def animated() -> bytes:
    out = io.BytesIO()
    frames = [Image.new("RGB", (64, 64), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:])
    return out.getvalue()


@pytest.mark.capability("E15")
@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_a_picture_becomes_a_png_that_fits_a_letters_head(form: str) -> None:
    logo = logo_of(picture(2_000, 500, form))
    made = Image.open(io.BytesIO(logo))
    assert (made.format, made.size) == ("PNG", (720, 180))


def test_a_rich_picture_is_made_plainer_until_it_is_small_enough() -> None:
    assert len(logo_of(picture(400, 200, "WEBP", noise=True))) <= logos.PNG_BYTES_MAX


def test_nothing_of_the_file_itself_is_kept() -> None:
    hidden = picture(100, 50) + b"<script>alert(1)</script>"
    assert b"script" not in logo_of(hidden)


@pytest.mark.capability("E15")
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "logo_not_an_image"),
        (b"%PDF-1.7 not a picture", "logo_not_an_image"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "logo_not_an_image"),
        (picture(100, 50)[:60], "logo_not_an_image"),
        (picture(64, 64, "GIF"), "logo_not_an_image"),
        (bomb(), "logo_too_many_pixels"),
        (picture(8, 400), "logo_tiny"),
        (animated(), "logo_animated"),
        (b"\x89PNG" + bytes(logos.BYTES_MAX), "logo_too_large"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_is_no_honest_logo_is_refused_by_name(content: bytes, code: str) -> None:
    with pytest.raises(Rejected) as refused:
        logo_of(content)
    assert (refused.value.code, refused.value.field) == (code, "logo")


@pytest.mark.capability("E15")
def test_an_administrator_changes_logo_and_letterhead_and_others_are_told(
    world: World, site: Site
) -> None:
    lines = {"street": "Værftsvej 12", "postal_code": "8000", "city": "Aarhus C"}
    answer = site.request("PUT", f"{BRANDING}/letterhead", json=lines, headers=soren())
    assert answer.status_code == 204
    logo = site.request("PUT", f"{BRANDING}/logo", content=picture(400, 100), headers=soren())
    assert logo.status_code == 204
    shown = site.get(f"{BRANDING}/branding", headers=soren()).json()
    fetched = site.get(f"/tenants/v1/logos/{shown['logo']}", headers=soren())
    assert sha256(fetched.content).hexdigest() == shown["logo"]
    with world.runtimes["tenants"].reader.connection() as transaction:
        rows = transaction.raw.execute("select headers, body from outbox order by position")
        told = [
            BrandingChanged.model_validate_json(body)
            for said, body in rows.fetchall()
            if BrandingChanged.type_name.encode() in said
        ]
    assert told[-1].city == "Aarhus C"
    assert b64decode(told[-1].logo_png or "") == fetched.content


def test_an_approver_changes_nothing_and_a_wrong_line_is_named(site: Site) -> None:
    body = {"content": picture(400, 100), "headers": headers(demo.HENRIK.user_id)}
    assert site.request("PUT", f"{BRANDING}/logo", **body).status_code in {403, 404}
    answer = site.request(
        "PUT", f"{BRANDING}/letterhead", json={"email": "not one"}, headers=soren()
    )
    assert answer.status_code == 422
    assert answer.json()["code"] == "email"


@pytest.mark.capability("E15")
def test_the_page_takes_a_picture_and_says_what_is_wrong_with_one(site: Site) -> None:
    grant = Grant(CLIENT, frozenset({"administrator"}), "Fjordvig Byg ApS")
    administrator = bearer(Identity(demo.SOREN.user_id, "Søren", "en", (grant,), OFFICE))
    page = f"/tenants/{CLIENT}/letterhead"
    no = {"files": {"logo": ("logo.png", b"no picture", "image/png")}, "headers": administrator}
    refused = site.post(f"/tenants/{CLIENT}/logo", **no)
    assert refused.status_code == 422
    assert "Det er ikke et billede: et logo er en PNG-, JPEG- eller WebP-fil." in refused.text
    yes = {"files": {"logo": ("logo.png", picture(90, 30), "image/png")}, "headers": administrator}
    assert site.post(f"/tenants/{CLIENT}/logo", **yes).status_code == 303
    lines = {"data": {"street": "Havnen 1", "email": "no"}, "headers": administrator}
    assert "Det er ikke én mailadresse." in site.post(page, **lines).text
    assert f"/tenants/{CLIENT}/logo/" in site.get(page, headers=administrator).text
