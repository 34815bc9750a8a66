// Helpers that create elements. They insert all text as text and can't write markup.

/** An element: h('p', {class: 'hint', onclick: f}, 'text', other). It leaves out null children. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value)
    else element.setAttribute(name, value === true ? '' : value)
  }
  element.append(...children.flat().filter(child => child !== null && child !== undefined))
  return element
}

/** As h, in the SVG namespace. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** A copy of the only element in a template of the page. */
export function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true).firstElementChild
}

/** Sets a text only if it changed: an equal text would cost layout and be read out again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** Announces the text to screen readers. */
export function announce(text) {
  setText(document.getElementById('live'), text)
}

let toastTimer
/** Shows the text to all users for a moment, and announces it to screen readers. */
export function toast(text) {
  announce(text)
  const toast = document.getElementById('toast')
  toast.textContent = text
  toast.classList.add('shown')
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => toast.classList.remove('shown'), 2500)
}

/** Shows a failure in its place; hides the place if there is none. */
export function showFault(place, failure) {
  place.hidden = !failure
  setText(place, failure ? failure.message : '')
}

/** A badge with the name and the mark of a state. */
export function stateBadge(state) {
  return h('span', { class: 'state', 'data-state': state }, state)
}
