import { parkland } from './parkland.ts'
import { lakeland } from './lakeland.ts'
import type { Look } from './look.ts'

/** Rolling farmland between woods: what a road looks like of which nothing is known but its heights. */
export const hills: Look = {
  ...parkland,
  name: 'hills',
  ground: { ...parkland.ground, meadow: [0.115, 0.2, 0.04], dry: [0.38, 0.32, 0.12], rock: lakeland.ground.rock },
  fields: { ...parkland.fields, share: 0.7, wideM: 96, deepM: 70, borderShare: 0.5 },
  woods: { share: 0.3, patchM: 240, spacingM: 11.5, slopeGain: 0.16 },
  wood: [
    { name: 'oak', share: 6, to: 0.7 },
    { name: 'spruce', share: 3, from: 0.1 },
    { name: 'birch', share: 1, to: 0.8 },
    { name: 'pine', share: 1, to: 0.8 },
  ],
  open: [...parkland.open, { name: 'birch', share: 1 }],
  openPercent: 3.6,
  rows: [
    { name: 'oak', share: 0.16, everyM: 14, isBoth: false, stretch: 300, to: 0.5 },
    { name: 'birch', share: 0.16, everyM: 11, isBoth: false, stretch: 260 },
    { name: 'poplar', share: 0.16, everyM: 9, isBoth: false, stretch: 340, to: 0.3 },
  ],
  roadside: { name: 'hedge', share: 0.2, offM: 4.2 },
  rockPercent: 0.4,
  covers: [...parkland.covers, { name: 'violet', share: 0.6, drift: 0.55 }, { name: 'fern', share: 0.8, drift: 0.6 }],
  grassTall: 0.9,
  water: lakeland.water,
}
