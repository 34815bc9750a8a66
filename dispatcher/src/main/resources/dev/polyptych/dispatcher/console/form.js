// The inputs of a job: task, texts, pictures and settings.

import { Refused, json } from './api.js'
import { h, setText, showFault } from './dom.js'

/** The form of the render view. Calls onChange when its inputs may have changed. */
export class RequestForm {
  #form
  #tasks = new Map()
  #panels = []
  #fault

  constructor(form, onChange) {
    this.#form = form
    this.#fault = form.querySelector('[data-fault]')
    form.addEventListener('input', onChange)
    form.elements.task.addEventListener('change', () => this.#example())
    form.querySelector('[data-do=example]').addEventListener('click', () => {
      this.#example()
      onChange()
    })
    this.onChange = onChange
  }

  get empty() {
    return this.#tasks.size === 0
  }

  /** Fills in the catalog's tasks and the example of the selected task. */
  fill(catalog) {
    this.#tasks = new Map(catalog.tasks.map(task => [task.id, task]))
    const select = this.#form.elements.task
    select.replaceChildren(...catalog.tasks.map(task => h('option', { value: task.id }, task.title)))
    const note = this.#form.querySelector('.note')
    note.hidden = !catalog.note
    setText(note.querySelector('p'), catalog.note ?? '')
    this.#example()
  }

  get task() {
    return this.#tasks.get(this.#form.elements.task.value)
  }

  #example() {
    const { example, layout, defaults } = this.task
    this.#form.elements.prompt.value = example.prompt
    this.#form.elements.steps.placeholder = defaults.steps
    const grid = this.#form.querySelector('.texts')
    grid.style.setProperty('--columns', Math.min(2, layout.columns))
    this.#panels = example.panels.map((text, index) => new PanelEditor(index + 1, text, this))
    grid.replaceChildren(...this.#panels.map(panel => panel.element))
    this.#showFaults(null)
  }

  /** Shows a request again, without its pictures and its seed. */
  take(request) {
    if (!this.#tasks.has(request.task)) return
    const fields = this.#form.elements
    fields.task.value = request.task
    this.#example()
    fields.prompt.value = request.prompt
    fields.lane.value = request.lane ?? 'interactive'
    fields.format.value = request.format ?? 'png'
    this.#panels.forEach((panel, i) => panel.show(request.panels[i] ?? ''))
  }

  textOf(panel) {
    return this.#panels[panel - 1]?.text
  }

  /** The request in the form that the API takes. */
  request() {
    const fields = this.#form.elements
    const references = this.#panels.filter(panel => panel.key).map(panel => ({ panel: panel.number, key: panel.key }))
    return {
      task: fields.task.value,
      prompt: fields.prompt.value,
      panels: this.#panels.map(panel => panel.text),
      ...whole('seed', fields.seed.value),
      ...whole('steps', fields.steps.value),
      lane: fields.lane.value,
      format: fields.format.value,
      ...(references.length > 0 ? { references } : {}),
      previews: true,
    }
  }

  /** Shows each error of a refusal beside its field, and focuses the first such field. */
  #showFaults(failure) {
    for (const old of this.#form.querySelectorAll('.field .fault[data-of=answer]')) old.remove()
    for (const marked of this.#form.querySelectorAll('[aria-invalid]')) {
      marked.removeAttribute('aria-invalid')
      marked.removeAttribute('aria-describedby')
    }
    let first = null
    const elsewhere = []
    for (const error of failure?.errors ?? []) {
      const place = this.#form.querySelector(`[data-field="${CSS.escape(error.field.replace(/^references.*/, 'references'))}"]`)
      if (place === null) {
        elsewhere.push(`${error.field}: ${error.detail}`)
        continue
      }
      const input = place.querySelector('input:not([type=file]), textarea, select')
      const id = `${input.id}-fault`
      place.append(h('p', { class: 'fault', id, 'data-of': 'answer' }, error.detail))
      input.setAttribute('aria-invalid', 'true')
      input.setAttribute('aria-describedby', id)
      first ??= input
    }
    const rest = failure && (first === null || elsewhere.length > 0) ? new Error(elsewhere.join(' ') || failure.message) : null
    showFault(this.#fault, rest)
    first?.focus()
  }

  showFaults(failure) {
    this.#showFaults(failure)
  }
}

/** Parses a number. Sends other text unchanged, so that the service says what is wrong with it. */
function whole(name, text) {
  const typed = text.trim()
  if (typed === '') return {}
  return { [name]: /^\d{1,15}$/.test(typed) ? Number(typed) : typed }
}

/** A panel's text, and the picture it shows instead of being drawn. */
class PanelEditor {
  #text
  #file
  #picture
  #fault = h('p', { class: 'fault', role: 'alert', hidden: true })

  constructor(number, text, form) {
    this.number = number
    this.key = null
    const id = `panel-${number}`
    this.#text = h('textarea', { id, rows: 1, maxlength: 2000, required: true })
    this.#text.value = text
    this.#file = h('input', { type: 'file', class: 'unseen', id: `${id}-file`, accept: 'image/png,image/jpeg,image/webp', onchange: () => this.#take(this.#file.files[0], form) })
    this.#picture = h('div', { class: 'picture' })
    this.element = h(
      'div',
      { class: 'field panel-text', 'data-field': `panels[${number - 1}]` },
      h('div', { class: 'row' }, h('label', { for: id }, `Panel ${number}`), h('span', { class: 'space' }), this.#picture),
      this.#text,
      this.#fault,
    )
    this.#showPicture(null, form)
    this.element.addEventListener('dragover', event => {
      event.preventDefault()
      this.element.classList.add('over')
    })
    this.element.addEventListener('dragleave', () => this.element.classList.remove('over'))
    this.element.addEventListener('drop', event => {
      event.preventDefault()
      this.element.classList.remove('over')
      this.#take(event.dataTransfer.files[0], form)
    })
  }

  get text() {
    return this.#text.value
  }

  show(text) {
    this.#text.value = text
  }

  async #take(file, form) {
    if (!file) return
    showFault(this.#fault, null)
    try {
      const kept = await json('references', { method: 'PUT', body: file, headers: { 'Content-Type': file.type || 'application/octet-stream' } })
      this.key = kept.key
      this.#showPicture(file, form)
    } catch (failure) {
      // Empty, so that the same file can be chosen again.
      this.#file.value = ''
      showFault(this.#fault, failure instanceof Refused ? failure : new Error('The picture was not sent: ' + failure.message))
    }
    form.onChange()
  }

  #showPicture(file, form) {
    if (file === null) {
      this.#picture.replaceChildren(this.#file, h('label', { for: this.#file.id, class: 'link' }, 'Keep a picture…'))
      return
    }
    const address = URL.createObjectURL(file)
    const image = h('img', { src: address, alt: `Picture kept as panel ${this.number}`, onload: () => URL.revokeObjectURL(address) })
    const drop = h('button', { type: 'button', class: 'link', onclick: () => {
      this.key = null
      this.#file.value = ''
      this.#showPicture(null, form)
      form.onChange()
    } }, 'Draw it instead')
    this.#picture.replaceChildren(image, drop)
  }
}
