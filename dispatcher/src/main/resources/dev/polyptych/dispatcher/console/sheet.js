// One job while it is drawn: its progress, the sheet's previews, then its panels in their layout.

import { catalog, json, patiently, request as ask } from './api.js'
import { announce, h, setText, showFault, stateBadge, toast } from './dom.js'
import { follow } from './events.js'
import { TERMINAL, duration, plural, seconds } from './format.js'
import { zip } from './zip.js'

const ENDINGS = { jpeg: 'jpg', png: 'png', webp: 'webp' }

/**
 * @param request the submitted request, if known
 * @param rerolled number of the panel that is drawn again; 0 for none
 * @param onRequest gets the submitted request when the receipt has shown it
 * @param onReroll gets a panel's number; without it, panels have no button
 * @param onEvent gets every event
 * @param onStatus gets the status before and after all events, and whether it is the last one
 */
export function openSheet(id, { request = null, rerolled = 0, link = false, onRequest, onReroll, onEvent, onStatus } = {}) {
  const over = new AbortController()
  const addresses = []
  const badge = h('span')
  const note = h('span', { class: 'note' })
  const bar = h('progress', { max: 1, value: 0, 'aria-label': 'Steps drawn' })
  const stage = h('div', { class: 'stage' })
  const fault = h('p', { class: 'fault', role: 'alert', hidden: true })
  const cancel = h('button', { type: 'button', class: 'quiet', onclick: cancelJob }, 'Cancel')
  const download = h('button', { type: 'button', class: 'quiet', hidden: true, onclick: downloadAll }, 'Download all')
  const page = link ? h('a', { class: 'quiet button', href: `#/jobs/${encodeURIComponent(id)}` }, 'Job and receipt') : null
  const element = h('div', { class: 'sheet-view', 'data-job': id }, h('div', { class: 'status' }, badge, note, h('span', { class: 'space' }), download, page, cancel), bar, fault, stage)
  let job = null
  let layout = null
  let state = ''
  let images = []

  async function begin() {
    try {
      job = await read()
      layout = await patiently(() => layoutOf(job), over.signal)
      showEmpty()
      show(job)
      onStatus?.(job, false)
      await follow(id, take, over.signal)
      if (!over.signal.aborted) await ended()
    } catch (failure) {
      if (!over.signal.aborted) showFault(fault, failure)
    }
  }

  function read() {
    return patiently(() => json(`jobs/${encodeURIComponent(id)}`, { signal: over.signal }), over.signal)
  }

  /** The layout: from the request, else the receipt, else the task, else one row. */
  async function layoutOf(status) {
    const { tasks } = await catalog()
    const task = tasks.find(known => known.id === status.task)
    const fits = known => known && known.rows * known.columns === status.panels
    if (status.state === 'done' && !request) {
      const receipt = await json(`jobs/${encodeURIComponent(id)}/receipt`, { signal: over.signal }).catch(() => null)
      request = receipt?.request ?? null
      if (request) onRequest?.(request)
    }
    return [request?.layout, task?.layout].find(fits) ?? { rows: 1, columns: status.panels, panelWidth: 1, panelHeight: 1 }
  }

  function take(event) {
    show(event)
    if (event.preview) showPreview(event.preview)
    onEvent?.(event)
  }

  function show(now) {
    bar.max = now.steps
    bar.value = now.step
    if (now.state !== state) {
      if (state !== '') announce(`The job is ${now.state}.`)
      state = now.state
      badge.replaceChildren(stateBadge(state))
      element.dataset.state = state
      const settled = TERMINAL.has(state)
      cancel.hidden = settled
      bar.hidden = settled
    }
    setText(note, noteOf(now))
    if (now.error) showFault(fault, new Error(`${now.error.code}: ${now.error.detail}`))
  }

  function noteOf(now) {
    if (state === 'rendering') {
      const again = now.attempt > 1 ? `, attempt ${now.attempt}` : ''
      return `step ${now.step} of ${now.steps}${again}`
    }
    if (state === 'queued' && now.attempt > 0) return `attempt ${now.attempt} failed; it is tried again`
    if (rerolled && !TERMINAL.has(state)) return `panel ${rerolled} again`
    return ''
  }

  async function ended() {
    job = await read()
    onStatus?.(job, true)
    show(job)
    if (job.state === 'done') {
      setText(note, `${plural(job.panels, 'panel')} in ${duration(seconds(job.times.accepted, job.times.finished))}, seed ${job.seed}`)
      await patiently(showPanels, over.signal)
    } else if (!stage.querySelector('img')) {
      stage.replaceChildren(h('p', { class: 'empty' }, { cancelled: 'It was cancelled before anything was drawn.', expired: 'Its deadline passed.' }[job.state] ?? 'Nothing was drawn.'))
    }
  }

  function showEmpty() {
    shape()
    stage.className = 'stage sheet'
    const cells = Array.from({ length: layout.rows * layout.columns }, (_, i) => h('div', { class: 'cell' }, h('span', {}, request?.panels[i] ?? '')))
    stage.replaceChildren(...cells)
  }

  function shape() {
    stage.style.setProperty('--columns', layout.columns)
    stage.style.setProperty('--ratio', (layout.columns * layout.panelWidth) / (layout.rows * layout.panelHeight))
    stage.style.setProperty('--panel', layout.panelWidth / layout.panelHeight)
    stage.dataset.columns = layout.columns
  }

  function showPreview(base64) {
    const bytes = Uint8Array.from(atob(base64), character => character.charCodeAt(0))
    const address = kept(new Blob([bytes], { type: 'image/jpeg' }))
    const image = stage.querySelector('img.preview')
    if (image) image.src = address
    else stage.append(h('img', { class: 'preview', src: address, alt: 'The sheet as it is being drawn' }))
    if (addresses.length > 2) URL.revokeObjectURL(addresses.shift())
  }

  async function showPanels() {
    const numbers = Array.from({ length: job.panels }, (_, i) => i + 1)
    images = await Promise.all(numbers.map(async n => (await ask(`jobs/${encodeURIComponent(id)}/panels/${n}`, { signal: over.signal })).blob()))
    const figures = images.map((blob, i) => figure(i + 1, kept(blob)))
    await Promise.all(figures.map(one => one.querySelector('img').decode().catch(() => null)))
    stage.className = 'stage panels'
    stage.replaceChildren(...figures)
    download.hidden = false
  }

  function figure(number, address) {
    const text = request?.panels[number - 1]
    const button = onReroll
      ? h('button', { type: 'button', class: 'link', 'aria-label': `Re-roll panel ${number}`, onclick: event => reroll(number, event.currentTarget) }, 'Re-roll')
      : null
    return h('figure', {}, h('img', { src: address, alt: text ?? `Panel ${number}` }), h('figcaption', {}, h('b', {}, `${number}`), text ? h('span', {}, text) : null, button))
  }

  async function reroll(number, button) {
    button.disabled = true
    try {
      await onReroll(number)
    } catch (failure) {
      showFault(fault, failure)
      button.disabled = false
    }
  }

  async function cancelJob() {
    cancel.disabled = true
    try {
      await json(`jobs/${encodeURIComponent(id)}`, { method: 'DELETE' })
    } catch (failure) {
      showFault(fault, failure)
    }
    cancel.disabled = false
  }

  async function downloadAll() {
    try {
      const ending = ENDINGS[job.format]
      const sheet = await (await ask(`jobs/${encodeURIComponent(id)}/sheet`)).blob()
      const receipt = await ask(`jobs/${encodeURIComponent(id)}/receipt`).then(answer => answer.blob()).catch(() => null)
      const files = [...images.map((blob, i) => [`panel-${i + 1}.${ending}`, blob]), [`sheet.${ending}`, sheet]]
      if (receipt) files.push(['receipt.json', receipt])
      const packed = await Promise.all(files.map(async ([name, blob]) => ({ name: `${id}/${name}`, bytes: new Uint8Array(await blob.arrayBuffer()) })))
      const address = kept(zip(packed))
      h('a', { href: address, download: `${id}.zip` }).click()
      toast('Downloaded')
    } catch (failure) {
      showFault(fault, failure)
    }
  }

  function kept(blob) {
    const address = URL.createObjectURL(blob)
    addresses.push(address)
    return address
  }

  begin()
  return {
    element,
    get request() {
      return request
    },
    close() {
      over.abort()
      addresses.forEach(address => URL.revokeObjectURL(address))
    },
  }
}
