// Formats numbers and times for people.

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' })
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' })

/** Seconds as 0.34 s, 12.3 s, 4 min 5 s, 3 h 7 min. */
export function duration(seconds) {
  if (!Number.isFinite(seconds)) return '–'
  const s = Math.max(0, seconds)
  if (s < 1) return s.toFixed(2) + ' s'
  if (s < 60) return s.toFixed(1) + ' s'
  if (s < 3600) return `${Math.floor(s / 60)} min ${Math.floor(s % 60)} s`
  return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`
}

/** A number with few digits. */
export function short(number) {
  if (number >= 100) return Math.round(number).toLocaleString()
  return number >= 10 ? number.toFixed(1) : number.toFixed(2).replace(/\.?0+$/, '') || '0'
}

export function seconds(from, to) {
  return (Date.parse(to) - Date.parse(from)) / 1000
}

export function timeOfDay(instant) {
  return clock.format(new Date(instant))
}

export function date(instant) {
  return full.format(new Date(instant))
}

/** How long ago: now, 12 s, 5 min, 3 h, 2 d. */
export function ago(instant) {
  const s = (Date.now() - Date.parse(instant)) / 1000
  if (s < 3) return 'now'
  if (s < 60) return `${Math.floor(s / 5) * 5 || 3} s ago`
  if (s < 3600) return `${Math.floor(s / 60)} min ago`
  if (s < 86400) return `${Math.floor(s / 3600)} h ago`
  return `${Math.floor(s / 86400)} d ago`
}

export const TERMINAL = new Set(['done', 'failed', 'cancelled', 'expired'])

export function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}
