import type { JobStatus } from './contract.js';
import { NotTrusted } from './errors.js';

/** Seconds, as the reference libraries have it. An older message may be a replay. */
const TOLERANCE = 300;

const HMAC = { name: 'HMAC', hash: 'SHA-256' };

/**
 * Verifies a callback as Standard Webhooks describes. It may arrive more than once; `webhook-id` is the same each
 * time.
 *
 * @param headers of the request, of fetch or of Node
 * @param body of the request as it came
 * @param secrets `whsec_…`; several while one replaces the other. A signature by one of them is enough
 * @param now milliseconds since 1970, for tests
 * @returns the job's final status
 * @throws NotTrusted when the callback is not to be trusted
 */
export async function verifyCallback(
  headers: Headers | Record<string, string | string[] | undefined>,
  body: Uint8Array | string,
  secrets: string | Iterable<string>,
  now = Date.now(),
): Promise<JobStatus> {
  const entries = headers instanceof Headers ? [...headers] : Object.entries(headers);
  const given = new Map(entries.map(([name, value]) => [name.toLowerCase(), String(value ?? '')]));
  const timestamp = given.get('webhook-timestamp') ?? '';
  if (!/^[0-9]{1,15}$/.test(timestamp) || Math.abs(Math.floor(now / 1000) - Number(timestamp)) > TOLERANCE) {
    throw new NotTrusted(`the callback's time is not within ${TOLERANCE} s of now`);
  }
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const head = new TextEncoder().encode(`${given.get('webhook-id') ?? ''}.${timestamp}.`);
  const message = new Uint8Array([...head, ...bytes]);
  const signatures = (given.get('webhook-signature') ?? '')
    .split(' ')
    .filter((signature) => signature.startsWith('v1,'))
    .flatMap((signature) => decoded(signature.slice(3)));
  for (const secret of typeof secrets === 'string' ? secrets.split(',') : secrets) {
    const [raw] = decoded(secret.trim().replace(/^whsec_/, ''));
    if (!raw?.length) {
      throw new TypeError('a secret is whsec_ and base 64');
    }
    const key = await crypto.subtle.importKey('raw', raw, HMAC, false, ['verify']);
    for (const signature of signatures) {
      if (await crypto.subtle.verify(HMAC, key, signature, message)) {
        return JSON.parse(new TextDecoder().decode(bytes));
      }
    }
  }
  throw new NotTrusted('no signature of the callback fits a secret');
}

function decoded(base64: string): Uint8Array<ArrayBuffer>[] {
  try {
    return [Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))];
  } catch {
    return [];
  }
}
