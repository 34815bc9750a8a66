import base64
import hashlib
import hmac

import pytest

from polyptych import NotTrusted, verify_callback

ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
OTHER = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
SENT = 1_614_265_330
STATUS = (
    b'{"v":1,"id":"j-1","task":"t","adapter":"a","tenant":"default","lane":"batch","state":"done","attempt":1,"step":4,'
    b'"steps":4,"panels":2,"format":"png","seed":1,"times":{"accepted":"2025-11-30T18:00:00Z"},"later":true}'
)


def signed(body=STATUS, timestamp=str(SENT), more=""):
    mac = hmac.digest(base64.b64decode(SECRET[6:]), f"{ID}.{timestamp}.".encode() + body, hashlib.sha256)
    signature = f"{more}v1,{base64.b64encode(mac).decode()}"
    return {"Webhook-Id": ID, "webhook-timestamp": timestamp, "WEBHOOK-SIGNATURE": signature}


def test_the_signature_of_the_reference_libraries_is_trusted():
    headers = signed() | {"WEBHOOK-SIGNATURE": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="}
    # It is trusted, and then no status.
    with pytest.raises(ValueError, match="JobStatus"):
        verify_callback(headers, b'{"test": 2432232314}', SECRET, now=SENT)
    with pytest.raises(NotTrusted):
        verify_callback(headers | {"Webhook-Id": "msg_other"}, b'{"test": 2432232314}', SECRET, now=SENT)


@pytest.mark.parametrize("secrets", [[OTHER, SECRET], f"{OTHER},{SECRET}", SECRET, SECRET[6:]])
def test_one_signature_by_one_secret_is_enough(secrets):
    status = verify_callback(signed(more="v1,AAAA v2,x v1,! v1,ä "), STATUS, secrets, now=SENT)

    assert status.state == "done" and status.later is True


@pytest.mark.parametrize("secrets", [[OTHER], []])
def test_without_the_secret_it_is_not_trusted(secrets):
    with pytest.raises(NotTrusted):
        verify_callback(signed(), STATUS, secrets, now=SENT)


@pytest.mark.parametrize("seconds", [-300, 300])
def test_five_minutes_are_near_enough(seconds):
    assert verify_callback(signed(), STATUS, SECRET, now=SENT + seconds).id == "j-1"


@pytest.mark.parametrize("seconds", [-301, 301])
def test_another_time_is_a_replay(seconds):
    with pytest.raises(NotTrusted):
        verify_callback(signed(), STATUS, SECRET, now=SENT + seconds)


@pytest.mark.parametrize("timestamp", ["", "now", "9223372036854775807", "-1", "9" * 5000, "1_614_265_330", "²"])
def test_a_time_that_is_none_is_refused(timestamp):
    with pytest.raises(NotTrusted):
        verify_callback(signed(timestamp=timestamp), STATUS, SECRET, now=SENT)
