// Chooses the view and its frame: theme, API key, whether the dispatcher answers.

import { adaptersView } from './adapters.js'
import { Refused, catalog, hasKey, isReachable, json, link, pause, useKey } from './api.js'
import { announce, setText, showFault } from './dom.js'
import { fleetView } from './fleet.js'
import { jobView } from './job.js'
import { jobsView } from './jobs.js'
import { renderView } from './render.js'

const VIEWS = { render: renderView, jobs: jobsView, job: jobView, adapters: adaptersView, fleet: fleetView }
const TITLES = { render: 'Render', jobs: 'Jobs', job: 'Job', adapters: 'Adapters', fleet: 'Fleet' }
const main = document.getElementById('main')

/** The render view stays alive behind other views: its drawing and the typed text remain. */
let kept = null
let open = null

function show() {
  const [name, argument = ''] = place()
  open?.leave()
  open = null
  document.title = `${TITLES[name]} · Polyptych`
  for (const a of document.querySelectorAll('nav a')) {
    const here = a.hash === `#/${name === 'job' ? 'jobs' : name}`
    if (here) a.setAttribute('aria-current', 'page')
    else a.removeAttribute('aria-current')
  }
  if (name === 'render') {
    kept ??= renderView(argument)
    kept.enter(argument)
    main.replaceChildren(kept.element)
  } else {
    open = VIEWS[name](argument)
    main.replaceChildren(open.element)
  }
}

/** #/render, #/render/ID, #/jobs, #/jobs?state=…, #/jobs/ID, #/adapters, #/fleet */
function place() {
  const [, view = '', rest = ''] = location.hash.match(/^#\/(\w+)\/?(.*)$/) ?? []
  if (view === 'jobs' && rest !== '' && !rest.startsWith('?')) return ['job', rest]
  return Object.hasOwn(TITLES, view) && view !== 'job' ? [view, rest] : ['render']
}

window.addEventListener('hashchange', () => {
  show()
  window.scrollTo(0, 0)
  main.querySelector('h1')?.focus({ preventScroll: true })
})
document.querySelector('.skip').addEventListener('click', event => {
  event.preventDefault()
  main.focus()
})

const themes = ['auto', 'light', 'dark']
const themeButton = document.getElementById('theme')
function showTheme() {
  setText(themeButton, `Theme: ${document.documentElement.dataset.theme ?? 'auto'}`)
}
themeButton.addEventListener('click', () => {
  const root = document.documentElement
  const next = themes[(themes.indexOf(root.dataset.theme ?? 'auto') + 1) % themes.length]
  if (next === 'auto') {
    delete root.dataset.theme
    localStorage.removeItem('polyptych.theme')
  } else {
    root.dataset.theme = next
    localStorage.setItem('polyptych.theme', next)
  }
  showTheme()
})
showTheme()

const keys = document.getElementById('keys')
const keyButton = document.getElementById('key')
const keyText = document.getElementById('key-text')
const keyFault = document.getElementById('key-fault')
keyButton.hidden = !hasKey()
keyButton.addEventListener('click', () => askKey(null))
document.getElementById('key-forget').addEventListener('click', () => {
  keys.close()
  useKey(null)
})
keys.querySelector('form').addEventListener('submit', async event => {
  event.preventDefault()
  useKey(keyText.value.trim())
  try {
    await json('tasks')
    keyText.value = ''
    keys.close()
  } catch (failure) {
    showFault(keyFault, failure instanceof Refused && failure.status === 401 ? new Error('The dispatcher does not know this key.') : failure)
  }
})

function askKey(fault) {
  keyButton.hidden = false
  if (keys.open) return
  showFault(keyFault, fault)
  keys.showModal()
}
link.addEventListener('key-wanted', () => askKey(hasKey() ? new Error('The dispatcher does not know this key.') : null))

const banner = document.getElementById('offline')
link.addEventListener('down', async () => {
  banner.hidden = false
  document.body.classList.add('stale')
  setText(banner, 'The dispatcher does not answer. What you see is as it was; this page goes on by itself.')
  for (let wait = 500; !isReachable(); wait = Math.min(5000, wait * 1.5)) {
    await pause(wait)
    await json('tasks').catch(() => null)
  }
})
link.addEventListener('up', () => {
  banner.hidden = true
  document.body.classList.remove('stale')
  announce('The dispatcher answers again.')
  showModel()
})
link.addEventListener('key', showModel)

async function showModel() {
  const read = await catalog().catch(() => null)
  if (read) setText(document.getElementById('model'), read.model)
}

show()
showModel()
