// A job's server-sent events, read with fetch: an EventSource could not send an API key.

import { Refused, Unreachable, pause, reached, request } from './api.js'
import { TERMINAL } from './format.js'

/** The service sends a comment every 15 s. A connection that is silent for this long is dead. */
const SILENCE_MILLIS = 40_000
const LONGEST_WAIT_MILLIS = 10_000

/** Takes an event stream's text in arbitrary pieces and returns whole events {id, data}. */
export class EventParser {
  #rest = ''
  #id = ''
  #data = []

  push(text) {
    const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/)
    this.#rest = lines.pop()
    return lines.flatMap(line => this.#line(line))
  }

  #line(line) {
    if (line === '') {
      const event = { id: this.#id, data: this.#data.join('\n') }
      const whole = this.#data.length > 0
      this.#data = []
      return whole ? [event] : []
    }
    const colon = line.indexOf(':')
    const field = colon < 0 ? line : line.slice(0, colon)
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
    if (field === 'data') this.#data.push(value)
    else if (field === 'id') this.#id = value
    return []
  }
}

/**
 * Passes on every event of a job once and in order, even if the connection breaks. Returns after
 * the event of a terminal state. Throws Refused if the service will never have events of the job.
 */
export async function follow(job, onEvent, signal) {
  let seen = ''
  let wait = 250
  while (!signal.aborted) {
    try {
      const settled = await readOnce(job, seen, signal, (id, event) => {
        seen = id
        wait = 250
        onEvent(event)
      })
      if (settled) return
    } catch (failure) {
      if (signal.aborted) return
      if (failure instanceof Refused && [404, 410, 422].includes(failure.status)) throw failure
      if (failure instanceof Refused) wait = Math.max(wait, failure.retryAfter * 1000)
    }
    await pause(wait * (0.75 + Math.random() / 2), signal)
    wait = Math.min(LONGEST_WAIT_MILLIS, wait * 2)
  }
}

/** Returns true at the end of the job, false if only the connection ended. */
async function readOnce(job, seen, signal, onEvent) {
  const silence = new AbortController()
  const headers = seen === '' ? {} : { 'Last-Event-ID': seen }
  const response = await request(`jobs/${encodeURIComponent(job)}/events`, {
    headers,
    signal: AbortSignal.any([signal, silence.signal]),
  })
  if (response.status === 204) return true
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  const parser = new EventParser()
  let timer
  try {
    for (;;) {
      clearTimeout(timer)
      timer = setTimeout(() => silence.abort(), SILENCE_MILLIS)
      const { done, value } = await reader.read()
      if (done) return false
      for (const { id, data } of parser.push(value)) {
        const event = JSON.parse(data)
        onEvent(id, event)
        if (TERMINAL.has(event.state)) return true
      }
    }
  } catch (failure) {
    if (!signal.aborted && !(failure instanceof SyntaxError)) reached(false)
    throw failure instanceof TypeError ? new Unreachable() : failure
  } finally {
    clearTimeout(timer)
  }
}
