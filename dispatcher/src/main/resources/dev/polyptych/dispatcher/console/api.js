// Calls the public HTTP API with the user's key. Knows whether the dispatcher answers.

const base = new URL('../v1/', document.baseURI)
const KEY = 'polyptych.key'

/** Emits 'down', 'up', 'key-wanted' and 'key' (the key has changed). */
export const link = new EventTarget()
let reachable = true

export function isReachable() {
  return reachable
}

/** The dispatcher answered with a refusal: a problem document. */
export class Refused extends Error {
  constructor(status, problem, retryAfter) {
    super(problem.detail || problem.title || `it answered with ${status}`)
    this.status = status
    this.code = problem.code
    this.errors = problem.errors ?? []
    this.retryAfter = retryAfter
  }
}

/** The dispatcher did not answer. */
export class Unreachable extends Error {
  constructor() {
    super('the dispatcher does not answer')
  }
}

export function apiAddress(path) {
  return new URL(path, base).href
}

export function hasKey() {
  return sessionStorage.getItem(KEY) !== null
}

/** Sets the API key; null deletes it. */
export function useKey(key) {
  if (key === null) sessionStorage.removeItem(KEY)
  else sessionStorage.setItem(KEY, key)
  link.dispatchEvent(new Event('key'))
}

/** The response of an accepted request. Throws Refused, Unreachable or AbortError. */
export async function request(path, { method = 'GET', headers = {}, body, signal } = {}) {
  const key = sessionStorage.getItem(KEY)
  // Images as bytes and not as links: this page reaches no other host.
  const all = { Prefer: 'return=representation', ...headers }
  if (key !== null) all.Authorization = `Bearer ${key}`
  let response
  try {
    response = await fetch(new URL(path, base), { method, headers: all, body, signal })
  } catch (failure) {
    if (failure.name === 'AbortError') throw failure
    reached(false)
    throw new Unreachable()
  }
  reached(true)
  if (!response.ok) throw await refusal(response)
  return response
}

export async function json(path, options) {
  return (await request(path, options)).json()
}

export function send(path, body, options = {}) {
  return json(path, {
    method: 'POST',
    body: JSON.stringify(body),
    ...options,
    headers: { 'Content-Type': 'application/json', ...options.headers },
  })
}

let catalogRead = null
/** The catalog. Requested once, and again after a failure or a change of the key. */
export function catalog() {
  catalogRead ??= json('tasks').catch(failure => {
    catalogRead = null
    throw failure
  })
  return catalogRead
}

/** 128 random bits; crypto.randomUUID exists only in secure contexts. */
export function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), b => b.toString(16).padStart(2, '0')).join('')
}

/** Resolves after this time, or earlier if the dispatcher answers again or the key changes. */
export function pause(milliseconds, signal) {
  return new Promise(resolve => {
    const over = new AbortController()
    const end = () => {
      clearTimeout(timer)
      over.abort()
      resolve()
    }
    const timer = setTimeout(end, milliseconds)
    link.addEventListener('up', end, { signal: over.signal })
    link.addEventListener('key', end, { signal: over.signal })
    signal?.addEventListener('abort', end, { signal: over.signal })
  })
}

/** Retries while the service is unreachable or asks to retry; throws every other refusal. */
export async function patiently(work, signal) {
  for (;;) {
    try {
      return await work()
    } catch (failure) {
      const later = failure instanceof Unreachable || failure.retryAfter > 0
      if (signal.aborted || !later) throw failure
      await pause(Math.max(500, (failure.retryAfter ?? 0) * 1000), signal)
    }
  }
}

/**
 * Repeats the work until aborted. It repeats soon after the work reported a change, and less and
 * less often otherwise. It pauses while the page is hidden. The work takes at most a twentieth of
 * the time.
 */
export async function poll(work, { signal, least = 500, most = 5000 }) {
  let wait = least
  while (!signal.aborted) {
    if (document.hidden) await shown(signal)
    const begin = performance.now()
    const changed = await work().catch(() => false)
    const took = performance.now() - begin
    wait = changed ? least : Math.min(most, wait * 1.5)
    await pause(Math.min(10 * most, Math.max(wait, 20 * took)), signal)
  }
}

function shown(signal) {
  return new Promise(resolve => {
    document.addEventListener('visibilitychange', resolve, { once: true, signal })
    signal.addEventListener('abort', resolve, { once: true })
  })
}

async function refusal(response) {
  const problem = await response.json().catch(() => ({}))
  if (response.status === 401) link.dispatchEvent(new Event('key-wanted'))
  return new Refused(response.status, problem, Number(response.headers.get('Retry-After')) || 0)
}

/** Records whether the dispatcher answers. Readers of a stream that breaks off call it, too. */
export function reached(now) {
  if (now === reachable) return
  reachable = now
  link.dispatchEvent(new Event(now ? 'up' : 'down'))
}

link.addEventListener('key', () => (catalogRead = null))
