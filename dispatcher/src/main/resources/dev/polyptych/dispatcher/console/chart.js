// A small line chart of recent measurements.

import { svg } from './dom.js'

const WIDTH = 120
const HEIGHT = 32

/** Keeps the newest values and draws them. Hidden from screen readers: the number is beside it. */
export class Sparkline {
  #values = []
  #kept
  #line = svg('polyline', { class: 'line' })
  #area = svg('polygon', { class: 'area' })

  constructor(kept = 60) {
    this.#kept = kept
    this.element = svg(
      'svg',
      { class: 'spark', viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
      this.#area,
      this.#line,
    )
  }

  push(value) {
    this.#values.push(value)
    if (this.#values.length > this.#kept) this.#values.shift()
    const top = Math.max(...this.#values, 1e-9)
    const step = WIDTH / (this.#kept - 1)
    const begin = WIDTH - (this.#values.length - 1) * step
    const points = this.#values.map((v, i) => `${(begin + i * step).toFixed(1)},${(HEIGHT - 2 - (v / top) * (HEIGHT - 4)).toFixed(1)}`)
    this.#line.setAttribute('points', points.join(' '))
    this.#area.setAttribute('points', `${begin.toFixed(1)},${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`)
  }
}
