import type { en } from './picture.en.ts'

export const de: typeof en = {
  title: 'Bild',
  detail: 'Details',
  resolution: 'Auflösung',
  byItself: 'Wie dieser Rechner kann',
  tiers: { low: 'Wenige', medium: 'Mittel', high: 'Viele' },
  percent: (percent) => `${percent} %`,
}
