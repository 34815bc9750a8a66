// Small words for making elements. All text goes in as text: there is no way here to write markup.

/** An element: h('p', {class: 'hint', onclick: f}, 'text', otherElement). Null children are left out. */
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

/** As h, of the SVG namespace. */
export function svg(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag)
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children)
  return element
}

/** What a template of the page holds, as its one element. */
export function fromTemplate(id) {
  return document.getElementById(id).content.cloneNode(true).firstElementChild
}

/** Sets a text only where it changed: an equal one would cost layout and be read out again. */
export function setText(element, text) {
  if (element.textContent !== text) element.textContent = text
}

/** Says it to screen readers. */
export function announce(text) {
  setText(document.getElementById('live'), text)
}

let toastTimer
/** Says it to everybody, for a moment. */
export function toast(text) {
  announce(text)
  const toast = document.getElementById('toast')
  toast.textContent = text
  toast.classList.add('shown')
  clearTimeout(toastTimer)
  toastTimer = setTimeout(() => toast.classList.remove('shown'), 2500)
}

/** Shows what went wrong in its place, or nothing. */
export function showFault(place, failure) {
  place.hidden = !failure
  setText(place, failure ? failure.message : '')
}

/** A state as a word with its mark. */
export function stateBadge(state) {
  return h('span', { class: 'state', 'data-state': state }, state)
}
