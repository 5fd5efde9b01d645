import { groupFigures } from '../drafting/figures.ts'
import { report } from '../command.ts'
import { fieldPicture } from './drafting-field.ts'
import { linesPicture } from './drafting-lines.ts'
import { pointsPicture } from './drafting-points.ts'
import type { Plot } from './plot.ts'

export const plot: Plot = {
  draw() {
    return Promise.resolve({
      pictures: new Map([
        ['drafting-lines.svg', linesPicture()],
        ['drafting-points.svg', pointsPicture()],
        ['drafting-field.svg', fieldPicture()],
      ]),
      report: report(groupFigures()),
    })
  },
}
