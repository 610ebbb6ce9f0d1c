"""The assertion: accepted in exactly one form, and the same 401 for everything else."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st
from joserfc.jwk import OKPKey

from shared.clock import SettableClock
from shared.testing.site import Site
from shared.web.identity import LIFETIME_SECONDS, SigningKey, sign, verify
from shared.web.problem import Problem
from tests.shared.web_kit import (
    AUDIENCE,
    KEY,
    METTE,
    NOW,
    PUBLIC,
    SESSION,
    OneSession,
    bearer,
    service,
)

GOOD = {
    "iss": "forfald-tenants",
    "aud": AUDIENCE,
    "sub": str(METTE.user_id),
    "iat": int(NOW.timestamp()),
    "nbf": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 300,
    "name": "Mette",
    "language": "da",
    "agency": None,
    "grants": [],
}
HEADER = {"alg": "Ed25519", "kid": KEY.key_id, "typ": "JWT"}


def token(header: dict[str, Any] | None = None, key: OKPKey = KEY.key, **claims: Any) -> str:
    """Rightly signed, whatever it says: no library looks it over."""
    return signed({**HEADER, **(header or {})}, {**GOOD, **claims}, key)


def without(claim: str) -> str:
    return signed(HEADER, {name: value for name, value in GOOD.items() if name != claim}, KEY.key)


def signed(header: Any, claims: Any, key: OKPKey) -> str:
    body = f"{part(header)}.{part(claims)}"
    private = key.private_key
    assert isinstance(private, Ed25519PrivateKey)
    return f"{body}.{encoded(private.sign(body.encode()))}"


def part(value: Any) -> str:
    return encoded(json.dumps(value).encode())


def encoded(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def unsigned(algorithm: str) -> str:
    return f"{part({**HEADER, 'alg': algorithm})}.{part(GOOD)}."


def signed_with_the_public_key(public: bytes) -> str:
    body = f"{part({**HEADER, 'alg': 'HS256'})}.{part(GOOD)}"
    return f"{body}.{encoded(hmac.digest(public, body.encode(), 'sha256'))}"


def changed_after_signing() -> str:
    header, _, signature = token().split(".")
    return ".".join((header, part({**GOOD, "name": "Somebody else"}), signature))


NOW_S = int(NOW.timestamp())
CORPUS = {
    "nothing": "",
    "garbage": "garbage",
    "four parts": token() + ".x",
    "alg none": unsigned("none"),
    "alg None in capitals": unsigned("NONE"),
    "HS256 with the public key": signed_with_the_public_key(PUBLIC[KEY.key_id].as_pem()),
    "HS256 with its raw bytes": signed_with_the_public_key(
        PUBLIC[KEY.key_id].public_key.public_bytes_raw()
    ),
    "HS256 with nothing": signed_with_the_public_key(b""),
    "EdDSA by its old name": token({"alg": "EdDSA"}),
    "claims are a list": signed(HEADER, [GOOD], KEY.key),
    "header is a list": signed([HEADER], GOOD, KEY.key),
    "changed after signing": changed_after_signing(),
    "wrong audience": token(aud="dunning"),
    "several audiences": token(aud=[AUDIENCE, "dunning"]),
    "wrong issuer": token(iss="somebody"),
    "expired": token(iat=NOW_S - 400, nbf=NOW_S - 400, exp=NOW_S - 100),
    "expires this second": token(iat=NOW_S - 300, nbf=NOW_S - 300, exp=NOW_S),
    "not yet valid": token(nbf=NOW_S + 60),
    "issued in the future": token(iat=NOW_S + 60, exp=NOW_S + 90),
    "lives for a day": token(exp=NOW_S + 86_400),
    "unknown key id": token({"kid": "another"}),
    "key id is a list": token({"kid": ["a"]}),
    "right key id, foreign key": token(key=OKPKey.generate_key("Ed25519")),
    "crit header": token({"crit": ["exp"], "exp": 1}),
    "crit header with b64": token({"crit": ["b64"], "b64": True}),
    "key in the header": token({"jwk": KEY.key.as_dict(private=False)}),
    "key by address": token({"jku": "https://elsewhere.test/keys"}),
    "another type": token({"typ": "at+jwt"}),
    "grants are no list": token(grants="all"),
    "a grant without a tenant": token(grants=[["x", ["owner"]]]),
    "user is no id": token(sub="mette"),
    "name is no text": token(name=7),
    "roles are no texts": token(grants=[[str(METTE.user_id), [1]]]),
    "expiry is a text": token(exp="2030"),
    "too long": token(name="x" * 70_000),
    "not ASCII": "æ.ø.å",
    **{f"without {claim}": without(claim) for claim in GOOD},
}


@pytest.mark.parametrize("name", CORPUS)
def test_whatever_is_wrong_with_a_token_the_answer_is_the_same(name: str) -> None:
    site = Site(service(SettableClock(NOW)))
    nobody = site.get("/payments/v1/me")
    headers = {"Authorization": f"Bearer {CORPUS[name]}".encode()}
    refused = site.get("/payments/v1/me", headers=headers)
    assert refused.status_code == 401
    assert refused.content == nobody.content
    assert refused.headers["www-authenticate"] == "Bearer"


def test_the_corpus_differs_from_a_good_token_only_in_what_it_says() -> None:
    headers = {"Authorization": f"Bearer {token()}"}
    assert (
        Site(service(SettableClock(NOW))).get("/payments/v1/me", headers=headers).status_code == 200
    )


def test_a_good_token_lets_in() -> None:
    answer = Site(service(SettableClock(NOW))).get("/payments/v1/me", headers=bearer())
    assert answer.json() == {"name": "Mette Kjær"}


@pytest.mark.parametrize("scheme", ["Basic", "bearerx", "Token"])
def test_only_a_bearer_is_looked_at(scheme: str) -> None:
    site = Site(service(SettableClock(NOW)))
    answer = site.get("/payments/v1/me", headers={"Authorization": f"{scheme} {token()}"})
    assert answer.status_code == 401


def test_an_identity_comes_back_whole() -> None:
    signed = sign(METTE, KEY, audience=AUDIENCE, now=NOW)
    assert verify(signed, PUBLIC, audience=AUDIENCE, now=NOW).identity == METTE


@given(st.integers(min_value=0, max_value=600))
def test_a_token_lives_for_five_minutes_to_the_second(seconds: int) -> None:
    later = NOW + timedelta(seconds=seconds)
    signed = sign(METTE, KEY, audience=AUDIENCE, now=NOW)
    if seconds < LIFETIME_SECONDS:
        verify(signed, PUBLIC, audience=AUDIENCE, now=later)
    else:
        with pytest.raises(Problem):
            verify(signed, PUBLIC, audience=AUDIENCE, now=later)


def test_a_new_key_is_used_beside_the_old_one() -> None:
    new = SigningKey("2026-04", OKPKey.generate_key("Ed25519"))
    keys = {**PUBLIC, new.key_id: new.key}
    for key in (KEY, new):
        signed = sign(METTE, key, audience=AUDIENCE, now=NOW)
        assert verify(signed, keys, audience=AUDIENCE, now=NOW).identity == METTE


def test_a_session_is_exchanged_once_until_its_assertion_expires() -> None:
    clock = SettableClock(NOW)
    sessions = OneSession(clock)
    site = Site(service(clock, sessions))
    cookie = {"Cookie": f"forfald_session={SESSION}"}
    for _ in range(3):
        assert site.get("/desk", headers=cookie).text == "Mette Kjær"
    assert sessions.asked == 1
    clock.advance(seconds=LIFETIME_SECONDS)
    assert site.get("/desk", headers=cookie).status_code == 200
    assert sessions.asked == 2


def test_a_cookie_never_opens_the_json_api() -> None:
    sessions = OneSession(SettableClock(NOW))
    site = Site(service(SettableClock(NOW), sessions))
    answer = site.get("/payments/v1/me", headers={"Cookie": f"forfald_session={SESSION}"})
    assert answer.status_code == 401
    assert sessions.asked == 0


def test_an_ended_or_overlong_session_is_asked_to_sign_in() -> None:
    sessions = OneSession(SettableClock(NOW))
    site = Site(service(SettableClock(NOW), sessions))
    for cookie in ("another", "s" * 10_000):
        headers = {"Cookie": f"forfald_session={cookie}", "Accept": "text/html"}
        answer = site.get("/desk?tab=held", headers=headers)
        assert answer.status_code == 303
        assert answer.headers["location"] == "/sign-in?next=/desk%3Ftab%3Dheld"
    assert sessions.asked == 1
