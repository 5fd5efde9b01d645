import { shelterAt } from '#physics/drafting'
import { figure, report } from '../command.ts'
import type { Plot } from './plot.ts'
import { Axes, COLOURS, page } from './svg.ts'

export const plot: Plot = {
  draw() {
    const xTicks = [0, 5, 10, 15, 20, 25, 30]
    const yTicks = [0, 0.25, 0.5, 0.75, 1]
    const frame = { x: 70, y: 50, width: 520, height: 300, xFrom: 0, xTo: 30, yFrom: 0, yTo: 1.1, xTicks, yTicks }
    const axes = new Axes({ ...frame, title: 'Behind one rider', xLabel: 'gap, m', yLabel: 'share of solo drag' })
    const curve = Array.from({ length: 121 }, (_, i) => [i / 4, shelterAt(i / 4, 0)] as const)
    const svg = page(640, 420, 'Behind one rider', [axes.frame(), axes.curve(curve, { stroke: COLOURS[0] })])
    return Promise.resolve({
      pictures: new Map([['drafting.svg', svg]]),
      report: report({ pairAt15cm: figure(shelterAt(0.15, 0), '') }),
    })
  },
}
