// Shows the registered adapters and registers new ones, from a file or an address.

import { json, poll, request } from './api.js'
import { fromTemplate, h, showFault, toast } from './dom.js'
import { ago, date, plural, short } from './format.js'

const EVERY_MILLIS = 3000

export function adaptersView() {
  const element = fromTemplate('adapters-view')
  const over = new AbortController()
  const fault = element.querySelector('[data-fault]')
  const body = element.querySelector('tbody')
  const empty = element.querySelector('.empty')
  const form = element.querySelector('form')
  const button = form.querySelector('button')
  const formFault = form.querySelector('[data-form-fault]')

  async function refresh() {
    try {
      const { adapters } = await json('adapters', { signal: over.signal })
      showFault(fault, null)
      empty.hidden = adapters.length > 0
      element.querySelector('[data-adapters]').hidden = adapters.length === 0
      body.replaceChildren(...adapters.map(row))
      element.dataset.ready = ''
    } catch (failure) {
      if (!over.signal.aborted && failure.status) showFault(fault, failure)
    }
  }

  form.addEventListener('submit', async event => {
    event.preventDefault()
    button.disabled = true
    showFault(formFault, null)
    try {
      const version = await register(form.elements, over.signal)
      toast(`${version.name}@${version.number} is registered.`)
      form.reset()
      await refresh()
    } catch (failure) {
      if (!over.signal.aborted) showFault(formFault, failure)
    } finally {
      button.disabled = false
    }
  })

  poll(() => refresh().then(() => true), { signal: over.signal, least: EVERY_MILLIS })
  return { element, leave: () => over.abort() }
}

async function register({ name, file, source }, signal) {
  const path = `adapters/${encodeURIComponent(name.value.trim())}`
  const bytes = file.files[0]
  const address = source.value.trim()
  if (name.value.trim() === '') throw new Error('Give the adapter a name.')
  if (!bytes === (address === '')) throw new Error('Give a file or an address, one of them.')
  const answer = bytes
    ? await request(path, { method: 'PUT', headers: { 'Content-Type': 'application/octet-stream' }, body: bytes, signal })
    : await request(path, { method: 'PUT', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ source: address }), signal })
  return answer.json()
}

function row({ name, number, base, owner, sha256, source, content, workers, createdAt }) {
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, `${name}@${number}`),
    h('td', { 'data-label': 'Base' }, base),
    h('td', { 'data-label': 'For' }, owner ?? 'all'),
    h('td', { 'data-label': 'Rank', class: 'number' }, content ? String(content.rank) : '–'),
    h('td', { 'data-label': 'MB', class: 'number' }, content ? short(content.bytes / 1e6) : 'declared'),
    h('td', { 'data-label': 'Digest', class: 'code', title: source ? `${sha256} from ${source}` : sha256 }, sha256.slice(0, 12)),
    h('td', { 'data-label': 'Workers', title: workers.join(', ') }, workers.length === 0 ? 'none' : plural(workers.length, 'worker')),
    h('td', { 'data-label': 'Registered', class: 'number', title: date(createdAt) }, ago(createdAt)),
  )
}
