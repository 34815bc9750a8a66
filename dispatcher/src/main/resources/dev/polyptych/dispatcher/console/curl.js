// Writes a request as a shell command.

import { apiAddress, hasKey } from './api.js'
import { h, toast } from './dom.js'

export function curl(job) {
  const lines = [`curl -i ${quoted(apiAddress('jobs'))}`, `-H 'Content-Type: application/json'`]
  if (hasKey()) lines.push('-H "Authorization: Bearer $POLYPTYCH_API_KEY"')
  lines.push(`-d ${quoted(JSON.stringify(job, null, 2))}`)
  return lines.join(' \\\n  ')
}

/** Copies to the clipboard. Without a clipboard it opens a dialog to copy from by hand. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text)
    toast('Copied')
  } catch {
    const close = h('button', { class: 'primary', onclick: () => dialog.close() }, 'Close')
    const area = h('textarea', { rows: 14, readonly: true, class: 'code', 'aria-label': 'To copy' })
    area.value = text
    const dialog = h('dialog', { class: 'wide', onclose: () => dialog.remove() }, area, h('div', { class: 'row end' }, close))
    document.body.append(dialog)
    dialog.showModal()
    area.select()
  }
}

function quoted(text) {
  return `'${text.replaceAll("'", "'\\''")}'`
}
