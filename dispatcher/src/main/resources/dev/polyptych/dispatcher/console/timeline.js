// Shows what happened to a job, and why it waits.

import { json } from './api.js'
import { h, setText } from './dom.js'
import { duration, plural, seconds, timeOfDay } from './format.js'

/** Makes an element that says why a job is in its present state. */
export async function reasons(id) {
  try {
    const report = await json(`jobs/${encodeURIComponent(id)}/why`)
    const list = h('ul', { class: 'reasons' }, report.reasons.map(reason => h('li', { title: reason.code }, reason.text)))
    const start = report.estimate?.start
    const wait = start ? seconds(new Date().toISOString(), start) : 0
    if (wait > 0.5) list.append(h('li', {}, `it is likely to start in ${duration(wait)}`))
    return list
  } catch (failure) {
    return h('p', { class: 'fault' }, failure.message)
  }
}

/** Folds a job's events into the entries of a list. */
export class Timeline {
  #list
  #state = ''
  #attempt = 0
  #begin = null
  #entered = null
  #firstStep = null
  #steps = null
  #bar = null

  constructor(list) {
    this.#list = list
  }

  take(event) {
    this.#begin ??= event.at
    if (event.state !== this.#state || event.attempt !== this.#attempt) this.#enter(event)
    if (event.state === 'rendering') this.#draw(event)
  }

  #enter(event) {
    const after = this.#entered === null ? '' : `+${duration(seconds(this.#begin, event.at))}`
    this.#list.append(this.#entry(event, TITLES[event.state](event, this.#state), after))
    this.#state = event.state
    this.#attempt = event.attempt
    this.#entered = event
    this.#firstStep = null
  }

  #entry(event, title, after) {
    const error = event.error ? h('p', { class: 'fault' }, `${event.error.code}: ${event.error.detail}`) : null
    this.#bar = event.state === 'rendering' ? h('progress', { max: event.steps, value: event.step, 'aria-label': 'Steps drawn' }) : null
    this.#steps = event.state === 'rendering' ? h('p', { class: 'hint' }) : null
    const time = h('time', { datetime: event.at }, timeOfDay(event.at))
    return h('li', { 'data-state': event.state }, h('div', { class: 'row' }, h('b', {}, title), h('span', { class: 'space' }), h('span', { class: 'faint' }, after), time), error, this.#bar, this.#steps)
  }

  #draw(event) {
    this.#bar.value = event.step
    if (event.step === 0) return
    const started = this.#entered
    this.#firstStep ??= event
    const first = this.#firstStep
    const parts = [`step ${event.step} of ${event.steps}`]
    const pace = seconds(first.at, event.at) / (event.step - first.step)
    if (event.step > first.step) {
      parts.push(`${duration(pace)} a step`)
      const before = seconds(started.at, first.at) - pace * (first.step - started.step)
      if (before > 0.05) parts.push(`${duration(before)} before the first (prompt, adapter)`)
    }
    setText(this.#steps, parts.join(' · '))
  }

  /** Fills the list from the job's status alone, when its events are deleted already. */
  static of(job, list) {
    const timeline = new Timeline(list)
    const { accepted, queued, started, finished } = job.times
    const base = { step: 0, steps: job.steps, attempt: 0 }
    timeline.take({ ...base, state: 'accepted', at: accepted })
    if (queued) timeline.take({ ...base, state: 'queued', at: queued })
    if (started) timeline.take({ ...base, state: 'rendering', at: started, attempt: job.attempt, worker: job.worker })
    if (finished) timeline.take({ ...base, state: job.state, at: finished, attempt: job.attempt, step: job.step, error: job.error })
  }

  get empty() {
    return this.#entered === null
  }
}

const TITLES = {
  accepted: () => 'Accepted',
  queued: (event, before) => (before === 'rendering' || event.attempt > 0 ? `Attempt ${event.attempt} ended; queued again` : 'Queued'),
  rendering: event => {
    const from = event.step > 0 ? `, going on from step ${event.step}` : ''
    return `Attempt ${event.attempt} on ${event.worker ?? 'a worker'}${from}`
  },
  done: event => `Done after ${plural(event.attempt, 'attempt')}`,
  failed: event => `Failed after ${plural(event.attempt, 'attempt')}`,
  cancelled: () => 'Cancelled',
  expired: () => 'Expired',
}
