"""Verifies callbacks as Standard Webhooks describes."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import time
from collections.abc import Iterable, Mapping

from polyptych.errors import NotTrusted
from polyptych.models import JobStatus

#: As the reference libraries have it. An older message may be a replay.
TOLERANCE = 300


def verify_callback(
    headers: Mapping[str, str], body: bytes, secrets: str | Iterable[str], *, now: float | None = None
) -> JobStatus:
    """The job's final status. It may arrive more than once; ``webhook-id`` is the same each time.

    :param headers: of the request; the case of their names does not matter
    :param body: the bytes of the request as they came
    :param secrets: ``whsec_…``; several while one replaces the other. A signature by one of them is enough
    :param now: seconds since 1970, for tests
    :raises NotTrusted: when the callback is not to be trusted
    """
    given = {name.lower(): value for name, value in headers.items()}
    timestamp = given.get("webhook-timestamp", "")
    sent = int(timestamp) if re.fullmatch("[0-9]{1,18}", timestamp) else None
    if sent is None or abs((time.time() if now is None else now) - sent) > TOLERANCE:
        raise NotTrusted(f"the callback's time is not within {TOLERANCE} s of now")
    message = f"{given.get('webhook-id', '')}.{timestamp}.".encode() + body
    signatures = [
        _decoded(signature[3:])
        for signature in given.get("webhook-signature", "").split(" ")
        if signature.startswith("v1,")
    ]
    expected = [
        hmac.digest(base64.b64decode(secret.strip().removeprefix("whsec_"), validate=True), message, hashlib.sha256)
        for secret in (secrets.split(",") if isinstance(secrets, str) else secrets)
    ]
    if not any(hmac.compare_digest(mac, signature) for mac in expected for signature in signatures):
        raise NotTrusted("no signature of the callback fits a secret")
    return JobStatus.model_validate_json(body)


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return b""
