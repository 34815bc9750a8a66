// Shows the workers, their adapters and their outstanding work.

import { catalog, json, poll } from './api.js'
import { Sparkline } from './chart.js'
import { fromTemplate, h, setText, showFault } from './dom.js'
import { ago, plural, short } from './format.js'

const EVERY_MILLIS = 2000
const OPEN_STATES = ['accepted', 'queued', 'rendering']

export function fleetView() {
  const element = fromTemplate('fleet-view')
  const over = new AbortController()
  const fault = element.querySelector('[data-fault]')
  const body = element.querySelector('tbody')
  const empty = element.querySelector('.empty')
  const stats = element.querySelector('.stats')
  const counts = new WarmCounts()
  let looks = 0
  const tiles = {
    workers: new Tile('Workers'),
    outstanding: new Tile('Outstanding GPU-seconds'),
    pace: new Tile('Steps a second'),
    warm: new Tile('Swaps avoided'),
  }
  stats.append(...Object.values(tiles).map(tile => tile.element))

  async function refresh() {
    try {
      const { workers } = await json('workers', { signal: over.signal })
      showFault(fault, null)
      showWorkers(workers)
      if (looks++ % 3 === 0) await Promise.all([showWaiting(), showSpread(workers)])
      element.dataset.ready = ''
    } catch (failure) {
      if (!over.signal.aborted && failure.status) showFault(fault, failure)
    }
  }

  function showWorkers(workers) {
    counts.take(workers)
    const loading = workers.filter(isLoading).length
    const busy = workers.filter(worker => worker.load.runningSeconds > 0 || worker.job)
    const pace = busy.reduce((sum, worker) => sum + rate(worker), 0)
    tiles.workers.show(workers.length, loading > 0 ? `${loading} loading` : `${busy.length} drawing`)
    tiles.outstanding.show(workers.reduce((sum, worker) => sum + outstanding(worker), 0), 'in hand and waiting')
    tiles.pace.show(pace, 'all that draw now')
    tiles.warm.show(counts.avoided, `${plural(counts.swaps, 'swap')} since you came here`)
    empty.hidden = workers.length > 0
    element.querySelector('[data-workers]').hidden = workers.length === 0
    if (workers.length === 0) {
      empty.replaceChildren(h('p', {}, 'No worker is up.'), h('p', { class: 'hint' }, 'Jobs wait until one is: ', h('code', {}, 'polyptych worker')))
    }
    const most = Math.max(1, ...workers.map(outstanding))
    body.replaceChildren(...workers.map(worker => workerRow(worker, most)))
  }

  async function showWaiting() {
    const pages = await Promise.all(OPEN_STATES.map(state => json(`jobs?state=${state}&limit=200`, { signal: over.signal })))
    const sums = new Map()
    for (const job of pages.flatMap(page => page.jobs)) {
      const name = `${job.task} · ${job.lane}`
      const { jobs = 0, gpuSeconds = 0 } = sums.get(name) ?? {}
      sums.set(name, { jobs: jobs + 1, gpuSeconds: gpuSeconds + (job.estimate?.gpuSeconds ?? 0) })
    }
    const place = element.querySelector('[data-waiting]')
    const rows = [...sums].sort(([, a], [, b]) => b.gpuSeconds - a.gpuSeconds)
    const most = Math.max(1e-9, ...rows.map(([, sum]) => sum.gpuSeconds))
    if (rows.length === 0) place.replaceChildren(h('p', { class: 'nothing' }, 'Nothing waits.'))
    else place.replaceChildren(...rows.map(([name, sum]) => bar(name, sum.gpuSeconds / most, `${sum.gpuSeconds > 0 ? short(sum.gpuSeconds) + ' s' : 'not measured'} · ${plural(sum.jobs, 'job')}${pages.some(page => page.cursor) ? ' or more' : ''}`)))
  }

  async function showSpread(workers) {
    const { tasks } = await catalog()
    const adapters = [...new Map(tasks.map(task => [task.adapter, task])).values()]
    const [head, ...rest] = adapters
    const first = head ? [await placement(head.id, over.signal)] : []
    const spots = [...first, ...(await Promise.all(rest.map(task => placement(task.id, over.signal))))]
    element.querySelector('.spread').replaceChildren(
      ...adapters.map((task, i) => h('div', {}, h('dt', {}, task.adapter), h('dd', {}, spots[i] ? spread(spots[i]) : holders(task.adapter, workers)))),
    )
  }

  poll(() => refresh().then(() => true), { signal: over.signal, least: EVERY_MILLIS })
  return { element, leave: () => over.abort() }
}

/** Counts what changes between two looks: jobs drawn with the warm adapter, and swaps. */
class WarmCounts {
  #last = new Map()
  avoided = 0
  swaps = 0

  take(workers) {
    for (const { id, adapter, streak } of workers) {
      const last = this.#last.get(id)
      if (last && adapter !== undefined && adapter === last.adapter) this.avoided += Math.max(0, streak - Math.max(1, last.streak))
      else if (last?.adapter !== undefined && adapter !== undefined) this.swaps++
      this.#last.set(id, { adapter, streak })
    }
  }
}

/** A number with a chart of its history. */
class Tile {
  #number = h('b')
  #note = h('span', { class: 'hint' })
  #line = new Sparkline()

  constructor(name) {
    this.element = h('div', { class: 'tile' }, h('h2', {}, name), this.#number, this.#note, this.#line.element)
  }

  show(value, note) {
    setText(this.#number, short(value))
    setText(this.#note, note)
    this.#line.push(value)
  }
}

function workerRow(worker, most) {
  const loading = isLoading(worker)
  const trouble = troubleOf(worker)
  const now = trouble
    ? trouble
    : loading
    ? `loading since ${ago(worker.startedAt)}`
    : worker.job
      ? h('a', { href: `#/jobs/${encodeURIComponent(worker.job)}`, class: 'code', title: worker.job }, `…${worker.job.slice(-8)}`)
      : worker.load.runningSeconds > 0
        ? 'draws'
        : 'idle'
  const warm = worker.adapter ? h('span', {}, h('span', { class: 'chip warm', title: worker.adapter }, named(worker.adapter, worker)), worker.streak > 1 ? `×\u00a0${worker.streak}` : '') : '–'
  const resident = worker.load.resident.filter(name => name !== worker.adapter)
  return h(
    'tr',
    {},
    h('th', { scope: 'row' }, worker.id, h('span', { class: 'hint' }, loading ? worker.model : `${worker.model}, ${worker.device.replace('()', '')}, ${worker.computeType}`)),
    h('td', { 'data-label': 'Now' }, now),
    h('td', { 'data-label': 'Warm adapter' }, warm),
    h('td', { 'data-label': 'Resident' }, resident.length > 0 ? h('span', {}, resident.map(key => h('span', { class: 'chip', title: key }, named(key, worker)))) : '–'),
    h('td', { 'data-label': 'Steps/s', class: 'number' }, rate(worker) > 0 ? short(rate(worker)) : '–'),
    h('td', { 'data-label': 'Waiting', class: 'number' }, String(worker.waiting)),
    h('td', { 'data-label': 'Outstanding GPU-seconds' }, meter(outstanding(worker) / most, short(outstanding(worker)))),
    h('td', { 'data-label': 'Partitions', class: 'number', title: worker.partitions.join(', ') }, String(worker.partitions.length)),
  )
}

/** The adapters of a key by their names; unknown digests in short. */
function named(key, worker) {
  return key
    .split('+')
    .map(id => worker.names?.[id] ?? (/^[0-9a-f]{64}$/.test(id) ? id.slice(0, 12) : id))
    .join(' + ')
}

/** Why a worker draws no jobs, or not all; empty if all is well. */
function troubleOf(worker) {
  if (worker.abilities?.stuck) {
    return `stuck in phase ${worker.abilities.stuck}`
  }
  if (worker.otherBase) {
    return `gets no jobs: its model is ${worker.model}`
  }
  if (worker.abilities?.refusedWeights) {
    return `gets no jobs: ${worker.model} does not accept its weights`
  }
  const missing = worker.abilities?.missing ?? []
  return missing.length > 0 ? `lacks ${missing.join(', ')}` : ''
}

function isLoading(worker) {
  return worker.loading ?? worker.device === 'loading'
}

function rate(worker) {
  return worker.stepSeconds > 0 ? 1 / worker.stepSeconds : 0
}

/** GPU-seconds of a worker. Includes its jobs on Kafka if the service reports them. */
function outstanding(worker) {
  return worker.outstandingSeconds ?? worker.load.runningSeconds + worker.load.waitingSeconds
}

function meter(share, text) {
  const fill = h('i')
  fill.style.setProperty('width', `${Math.round(share * 100)}%`)
  return h('span', { class: 'meter' }, h('span', { class: 'track' }, fill), text)
}

function bar(name, share, text) {
  return h('div', { class: 'bar-row' }, h('span', {}, name), meter(share, text))
}

let placements = true
/** Where the jobs of a task go; null if the service does not report it. */
async function placement(task, signal) {
  if (!placements) return null
  return json(`tasks/${encodeURIComponent(task)}/placement`, { signal }).catch(failure => {
    if (failure.status === 404) placements = false
    return null
  })
}

function spread(report) {
  if (report.spread.length === 0) return 'the lanes are not seen now'
  return report.spread.map(spot => h('span', { class: `chip ${spot.tier ?? ''}`, title: report.next?.text ?? '' }, `${spot.partition} ${spot.worker ?? 'no worker'}${spot.tier ? ` · ${spot.tier}` : ''}`))
}

function holders(adapter, workers) {
  const warm = workers.filter(worker => worker.adapter === adapter)
  const held = workers.filter(worker => worker.adapter !== adapter && worker.load.resident.includes(adapter))
  if (warm.length + held.length === 0) return h('span', { class: 'faint' }, 'on no worker')
  return [...warm.map(worker => h('span', { class: 'chip warm' }, `${worker.id} · warm`)), ...held.map(worker => h('span', { class: 'chip' }, `${worker.id} · resident`))]
}
