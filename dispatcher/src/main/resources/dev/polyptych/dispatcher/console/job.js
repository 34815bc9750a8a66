// The page of one job.

import { json, pause, send } from './api.js'
import { fromTemplate, h, setText, showFault } from './dom.js'
import { date, short } from './format.js'
import { openSheet } from './sheet.js'
import { Timeline, reasons } from './timeline.js'
import { copy, curl } from './curl.js'

const WHY_MILLIS = 3000

export function jobView(id) {
  const element = fromTemplate('job-view')
  const over = new AbortController()
  const fault = element.querySelector('[data-fault]')
  const list = element.querySelector('.timeline')
  const why = element.querySelector('.why')
  const timeline = new Timeline(list)
  let waits = false

  setText(element.querySelector('h1'), id)
  const sheet = openSheet(id, {
    onEvent(event) {
      timeline.take(event)
      waits = event.state === 'queued' || event.state === 'accepted'
      if (!waits) why.replaceChildren()
    },
    onStatus(job, last) {
      showFacts(job)
      waits = job.state === 'queued' || job.state === 'accepted'
      // The service keeps events for a shorter time than the status.
      if (last && timeline.empty) Timeline.of(job, list)
      if (job.state === 'done') showReceipt()
    },
    async onReroll(number) {
      const job = await send(`jobs/${encodeURIComponent(id)}/panels/${number}:reroll`, {})
      location.hash = `#/jobs/${encodeURIComponent(job.id)}`
    },
  })
  element.querySelector('.outcome').append(sheet.element)

  function showFacts(job) {
    setText(element.querySelector('h1'), job.id)
    const facts = [
      ['Task', job.task],
      ['Adapter', job.adapter],
      ['Lane', job.lane],
      ['Tenant', job.tenant],
      ['Seed', job.seed],
      ['Format', job.format],
      ['Attempt', job.attempt],
      ['Worker', job.worker],
      ['Accepted', date(job.times.accepted)],
      ['Finished', job.times.finished && date(job.times.finished)],
      ['Next attempt', job.nextAttemptAt && date(job.nextAttemptAt)],
      ['Attempt before', job.lastError && `${job.lastError.code}: ${job.lastError.detail}`],
      ['Deadline', job.times.deadline && Object.entries(job.times.deadline).map(([name, at]) => `${name} ${date(at)}`).join(', ')],
      ['Batch', job.batch],
      ['Re-roll of', job.rerollOf && h('a', { href: `#/jobs/${encodeURIComponent(job.rerollOf)}` }, job.rerollOf)],
      ...Object.entries(job.metadata ?? {}),
    ]
    const shown = facts.filter(([, value]) => value !== undefined && value !== null && value !== '')
    element.querySelector('.facts').replaceChildren(...shown.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, typeof value === 'object' ? value : String(value)))))
  }

  async function showReceipt() {
    const place = element.querySelector('[data-receipt]')
    if (!place.hidden) return
    try {
      const receipt = await json(`jobs/${encodeURIComponent(id)}/receipt`, { signal: over.signal })
      place.hidden = false
      const { model, adapter, engine, schedule, request } = receipt
      const facts = [
        ['Prompt', receipt.prompt],
        ['Model', `${model.name} ${model.digest.slice(0, 12)}`],
        ['Adapter', `${adapter.id} ${adapter.digest.slice(0, 12)}, ${adapter.way}, × ${adapter.scale}`],
        ['Engine', `${engine.device}, ${engine.computeType}, PyTorch ${engine.versions.pytorch ?? '?'}`],
        ['Sampler', `${schedule.sampler}, ${schedule.sigmas.length - 1} steps, shift ${short(schedule.shift)}`],
      ]
      place.lastElementChild.replaceChildren(
        h('dl', { class: 'facts' }, facts.map(([name, value]) => h('div', {}, h('dt', {}, name), h('dd', {}, value)))),
        h('details', {}, h('summary', {}, 'All of it'), h('pre', { class: 'code', tabindex: 0 }, JSON.stringify(receipt, null, 2))),
        h('div', { class: 'row' }, h('button', { type: 'button', class: 'quiet', onclick: () => copy(curl(request)) }, 'Copy as curl')),
      )
    } catch (failure) {
      if (!over.signal.aborted && failure.status !== 404) showFault(fault, failure)
    }
  }

  async function watchWhy() {
    while (!over.signal.aborted) {
      if (waits && !document.hidden) {
        const answer = await reasons(id)
        if (waits && !over.signal.aborted) why.replaceChildren(h('h3', {}, 'Why it waits'), answer)
      }
      await pause(WHY_MILLIS, over.signal)
    }
  }
  watchWhy()

  return {
    element,
    leave() {
      over.abort()
      sheet.close()
    },
  }
}
