// The live list of jobs.

import { catalog, json, poll } from './api.js'
import { fromTemplate, h, setText, showFault, stateBadge, toast } from './dom.js'
import { TERMINAL, ago, date, duration, seconds } from './format.js'
import { reasons } from './timeline.js'

const PAGE = 200

export function jobsView(query) {
  const element = fromTemplate('jobs-view')
  const body = element.querySelector('tbody')
  const filters = element.querySelector('.filters')
  const fault = element.querySelector('[data-fault]')
  const empty = element.querySelector('.empty')
  const older = element.querySelector('[data-do=older]')
  const over = new AbortController()
  const rows = new Map()
  let cursor = null
  let further = []
  let newest = []

  for (const [name, value] of new URLSearchParams(query)) if (filters.elements[name]) filters.elements[name].value = value
  const chosen = () => new URLSearchParams([...new FormData(filters)].filter(([, value]) => value !== ''))

  async function refresh() {
    const page = await read()
    const fresh = page.jobs.map(job => `${job.id} ${job.state} ${job.step} ${job.attempt}`).join()
    const changed = fresh !== newest.text
    newest = page.jobs
    newest.text = fresh
    if (further.length === 0) cursor = page.cursor ?? null
    show()
    return changed
  }

  async function read(from) {
    try {
      const parameters = chosen()
      parameters.set('limit', PAGE)
      if (from) parameters.set('cursor', from)
      const page = await json(`jobs?${parameters}`, { signal: over.signal })
      showFault(fault, null)
      return page
    } catch (failure) {
      if (!over.signal.aborted && failure.status) showFault(fault, failure)
      throw failure
    }
  }

  function show() {
    const known = new Set(newest.map(job => job.id))
    const jobs = [...newest, ...further.filter(job => !known.has(job.id))]
    const wanted = new Set(jobs.map(job => job.id))
    for (const [id, row] of rows) {
      if (!wanted.has(id)) {
        row.remove()
        rows.delete(id)
      }
    }
    let before = body.firstElementChild
    for (const job of jobs) {
      let row = rows.get(job.id)
      if (!row) rows.set(job.id, (row = new Row(job.id)))
      row.show(job)
      if (row.element === before) before = row.last.nextElementSibling
      else body.insertBefore(row.element, before)
    }
    showEmpty(jobs.length === 0)
    older.hidden = cursor === null
    element.dataset.jobs = jobs.length
  }

  function showEmpty(none) {
    element.querySelector('table').hidden = none
    if (empty.hidden === !none) return
    empty.hidden = !none
    if (!none) return
    const filtered = chosen().size > 0
    empty.replaceChildren(
      h('p', {}, filtered ? 'No job is like this.' : 'There are no jobs yet.'),
      filtered ? h('button', { type: 'button', class: 'quiet', onclick: () => { filters.reset(); choose() } }, 'Show all') : h('a', { class: 'button primary', href: '#/render' }, 'Render a panel set'),
    )
  }

  function choose() {
    further = []
    const parameters = chosen().toString()
    history.replaceState(null, '', parameters === '' ? '#/jobs' : `#/jobs?${parameters}`)
    empty.hidden = true
    refresh().catch(() => null)
  }

  filters.addEventListener('change', choose)
  older.addEventListener('click', async () => {
    const page = await read(cursor).catch(() => null)
    if (!page) return
    further.push(...page.jobs)
    cursor = page.cursor ?? null
    show()
  })
  catalog()
    .then(({ tasks }) => {
      const select = filters.elements.task
      select.append(...tasks.map(task => h('option', { value: task.id }, task.title)))
      select.value = new URLSearchParams(query).get('task') ?? ''
    })
    .catch(() => null)
  poll(refresh, { signal: over.signal })
  return { element, leave: () => over.abort() }
}

/** A job's row, and the row below it that says why the job waits. */
class Row {
  #state = h('td', { 'data-label': 'State' })
  #task = h('td', { 'data-label': 'Task' })
  #bar = h('progress', { 'aria-label': 'Steps drawn' })
  #step = h('span')
  #lane = h('td', { 'data-label': 'Lane' })
  #worker = h('td', { 'data-label': 'Worker', class: 'faint' })
  #accepted = h('td', { 'data-label': 'Accepted', class: 'number' })
  #took = h('td', { 'data-label': 'Took', class: 'number' })
  #why
  #cancel
  #reasons = null
  #shown = ''

  constructor(id) {
    this.id = id
    this.#why = h('button', { type: 'button', class: 'link', 'aria-expanded': 'false', 'aria-label': `Why job ${id} waits`, onclick: () => this.#toggleWhy() }, 'Why?')
    this.#cancel = h('button', { type: 'button', class: 'link', 'aria-label': `Cancel job ${id}`, onclick: () => this.#cancelJob() }, 'Cancel')
    const link = h('a', { href: `#/jobs/${encodeURIComponent(id)}`, title: id }, `…${id.slice(-8)}`)
    this.element = h(
      'tr',
      { 'data-job': id, role: 'row' },
      this.#state,
      this.#task,
      h('td', { 'data-label': 'Job', class: 'code' }, link),
      h('td', { 'data-label': 'Progress' }, h('div', { class: 'progress' }, this.#bar, this.#step)),
      this.#lane,
      this.#worker,
      this.#accepted,
      this.#took,
      h('td', { class: 'actions' }, this.#why, this.#cancel),
    )
    // The style sheet changes the rows' layout, and browsers then drop their table roles.
    for (const cell of this.element.cells) cell.setAttribute('role', 'cell')
  }

  get last() {
    return this.#reasons ?? this.element
  }

  show(job) {
    setText(this.#accepted, ago(job.times.accepted))
    const now = `${job.state} ${job.step} ${job.attempt} ${job.worker}`
    if (now === this.#shown) return
    this.#shown = now
    const open = !TERMINAL.has(job.state)
    this.#bar.hidden = !open
    if (this.#state.textContent !== job.state) this.#state.replaceChildren(stateBadge(job.state))
    setText(this.#task, job.task)
    this.#bar.max = job.steps
    this.#bar.value = job.step
    setText(this.#step, `${job.step}/${job.steps}${job.attempt > 1 ? ` · attempt ${job.attempt}` : ''}`)
    setText(this.#lane, job.lane)
    setText(this.#worker, job.worker ?? '–')
    this.#accepted.title = date(job.times.accepted)
    setText(this.#took, job.times.finished ? duration(seconds(job.times.accepted, job.times.finished)) : '–')
    this.#took.toggleAttribute('data-open', open)
    this.#why.hidden = !(job.state === 'queued' || job.state === 'accepted')
    this.#cancel.hidden = !open
    if (this.#why.hidden) this.#closeWhy()
  }

  remove() {
    this.#closeWhy()
    this.element.remove()
  }

  #closeWhy() {
    this.#reasons?.remove()
    this.#reasons = null
    this.#why.setAttribute('aria-expanded', 'false')
  }

  async #toggleWhy() {
    if (this.#reasons) {
      this.#closeWhy()
      return
    }
    const cell = h('td', { colspan: 9 })
    this.#reasons = h('tr', { class: 'why' }, cell)
    this.element.after(this.#reasons)
    this.#why.setAttribute('aria-expanded', 'true')
    cell.append(await reasons(this.id))
  }

  async #cancelJob() {
    this.#cancel.disabled = true
    try {
      this.show(await json(`jobs/${encodeURIComponent(this.id)}`, { method: 'DELETE' }))
    } catch (failure) {
      toast(failure.message)
    }
    this.#cancel.disabled = false
  }
}
