// The view that submits a job and shows how it is drawn.

import { Refused, catalog, link, randomKey, send } from './api.js'
import { copy, curl } from './curl.js'
import { announce, fromTemplate, h, setText } from './dom.js'
import { RequestForm } from './form.js'
import { duration, plural, seconds } from './format.js'
import { openSheet } from './sheet.js'

export function renderView() {
  const element = fromTemplate('render-view')
  const formElement = element.querySelector('form')
  const outcome = element.querySelector('.outcome')
  const estimate = element.querySelector('[data-estimate]')
  const submit = formElement.querySelector('[type=submit]')
  const form = new RequestForm(formElement, () => estimateSoon())
  let sheet = null
  let shown = ''
  let estimateTimer

  async function load() {
    if (!form.empty) return
    try {
      form.fill(await catalog())
      performance.mark('ready')
      element.dataset.ready = ''
      estimateSoon()
    } catch (failure) {
      form.showFaults(failure)
    }
  }

  function estimateSoon() {
    clearTimeout(estimateTimer)
    estimateTimer = setTimeout(async () => {
      if (form.empty || !element.isConnected) return
      try {
        setText(estimate, tell(await send('jobs?dryRun=true', form.request())))
      } catch (failure) {
        setText(estimate, failure instanceof Refused ? `As it is it would be refused: ${failure.message}` : '')
      }
    }, 500)
  }

  async function render(event) {
    event.preventDefault()
    submit.disabled = true
    try {
      const request = form.request()
      const job = await send('jobs', request, { headers: { 'Idempotency-Key': randomKey() } })
      form.showFaults(null)
      open(job.id, request)
      announce('The job is submitted.')
    } catch (failure) {
      form.showFaults(failure)
    } finally {
      submit.disabled = false
    }
  }

  /** Draws a panel again. Sends the panel's text if it was changed in the form. */
  async function reroll(number) {
    const request = sheet.request
    const text = form.textOf(number)
    const changed = request && form.task?.id === request.task && text && text !== request.panels[number - 1]
    const job = await send(`jobs/${encodeURIComponent(shown)}/panels/${number}:reroll`, changed ? { prompt: text } : {}, {
      headers: { 'Idempotency-Key': randomKey() },
    })
    const panels = request?.panels.with(number - 1, changed ? text : request.panels[number - 1])
    open(job.id, request ? { ...request, panels } : null, number)
    announce(`Panel ${number} is drawn again.`)
  }

  function open(id, request, rerolled = 0) {
    sheet?.close()
    shown = id
    sheet = openSheet(id, { request, rerolled, onRequest: known => form.take(known), onReroll: reroll, link: true })
    outcome.replaceChildren(sheet.element)
    history.replaceState(null, '', `#/render/${encodeURIComponent(id)}`)
    if (matchMedia('(max-width: 60rem)').matches) outcome.scrollIntoView({ block: 'start' })
  }

  formElement.addEventListener('submit', render)
  formElement.querySelector('[data-do=curl]').addEventListener('click', () => copy(curl(form.request())))
  link.addEventListener('up', load)
  link.addEventListener('key', load)
  outcome.replaceChildren(
    h('div', { class: 'empty' }, h('div', { class: 'triptych', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), h('p', {}, 'The sheet appears here while it is being drawn.')),
  )
  load()

  return {
    element,
    enter(id) {
      if (id !== '' && id !== shown) open(id, null)
      else if (shown !== '') history.replaceState(null, '', `#/render/${encodeURIComponent(shown)}`)
    },
  }
}

/** Writes the answer of a dry run as a sentence. */
function tell(resolved) {
  const { columns, rows, panelWidth, panelHeight } = resolved.layout
  const size = `${plural(rows * columns, 'panel')} of ${panelWidth} × ${panelHeight} pixels`
  const guess = resolved.estimate
  const parts = [`${size}, ${resolved.sampling.steps} steps`]
  if (resolved.text) parts.push(`text ${resolved.text.tokens} of ${resolved.text.limit} tokens`)
  if (resolved.text?.unknownWords) parts.push(`the model knows no ${resolved.text.unknownWords.join(', ')}`)
  if (!guess) return parts.join(', ') + '.'
  if (guess.gpuSeconds !== undefined) parts.push(`about ${duration(guess.gpuSeconds)} of GPU`)
  if (guess.jobsAhead > 0) parts.push(`${plural(guess.jobsAhead, 'job')} ahead`)
  const wait = guess.start ? seconds(new Date().toISOString(), guess.start) : 0
  if (wait > 1) parts.push(`starts in ${duration(wait)}`)
  return parts.join(', ') + '.'
}
