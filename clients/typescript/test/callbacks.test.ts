import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';

import { NotTrusted, verifyCallback } from 'polyptych';

const ID = 'msg_p5jXN8AQM9LWM0D4loKWxJek';
const SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const OTHER = 'whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX';
const SENT = 1_614_265_330;
const STATUS = '{"id":"j-1","task":"film-storyboard","state":"done","label":"ä"}';

function signed(more = '', timestamp = `${SENT}`): Record<string, string> {
  const mac = createHmac('sha256', Buffer.from(SECRET.slice(6), 'base64')).update(`${ID}.${timestamp}.${STATUS}`);
  const signature = `${more}v1,${mac.digest('base64')}`;
  return { 'Webhook-Id': ID, 'webhook-timestamp': timestamp, 'WEBHOOK-SIGNATURE': signature };
}

function at(seconds: number): number {
  return (SENT + seconds) * 1000;
}

test('the signature of the reference libraries is trusted', async () => {
  const headers = { ...signed(), 'WEBHOOK-SIGNATURE': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=' };
  const body = '{"test": 2432232314}';

  assert.deepEqual(await verifyCallback(new Headers(headers), body, SECRET, at(0)), { test: 2432232314 });
  const other = { ...headers, 'Webhook-Id': 'msg_other' };
  await assert.rejects(verifyCallback(other, body, SECRET, at(0)), NotTrusted);
});

test('one signature by one secret is enough', async () => {
  for (const secrets of [[OTHER, SECRET], `${OTHER},${SECRET}`, SECRET, SECRET.slice(6)]) {
    const headers = signed('v1,AAAA v2,x v1,! v1,ä ');
    for (const body of [STATUS, new TextEncoder().encode(STATUS)]) {
      assert.equal((await verifyCallback(headers, body, secrets, at(0))).state, 'done');
    }
  }
  for (const secrets of [[OTHER], []]) {
    await assert.rejects(verifyCallback(signed(), STATUS, secrets, at(0)), NotTrusted);
  }
});

test('five minutes are near enough, and another time is a replay', async () => {
  for (const seconds of [-300, 300]) {
    assert.equal((await verifyCallback(signed(), STATUS, SECRET, at(seconds))).id, 'j-1');
  }
  for (const seconds of [-301, 301]) {
    await assert.rejects(verifyCallback(signed(), STATUS, SECRET, at(seconds)), NotTrusted);
  }
});

test('a time that is none is refused', async () => {
  for (const timestamp of ['', 'now', '9223372036854775807', '-1', '9'.repeat(5000), '1_614_265_330', '²']) {
    await assert.rejects(verifyCallback(signed('', timestamp), STATUS, SECRET, at(0)), NotTrusted);
  }
});
