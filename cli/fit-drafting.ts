import { WAKE_LAW } from '#physics/wake-law'
import { figure, report, type Command, type Figure } from './command.ts'
import { groupFigures } from './drafting/figures.ts'
import { cost, fit, HELD, residuals, type Fitted } from './drafting/fit.ts'
import { GROUPS, type Group } from './drafting/points.ts'

/** Constants are written with four digits: so far the fit's may be from them. */
const ROUNDING = 6e-5

export const command: Command = {
  name: 'fit-drafting',
  summary: 'fit the law of shelter to every published point again, and say how far each is off',
  options: [
    { name: 'starts', value: 'N', summary: 'starts of the search', default: '12' },
    { name: 'seed', value: 'N', summary: 'of the starts', default: '1' },
    { name: 'points', summary: 'say what the law gives for every point' },
  ],
  details: [
    'Least squares by Levenberg and Marquardt over the points of cli/drafting/points.ts, from several starts.',
    'The constants found must be those of physics/wake-law.ts, to their last digit. The same seed is the same search.',
  ].join('\n'),

  run({ number, flag, say, progress }) {
    const starts = number('starts', { min: 1, max: 1000, isWhole: true }) ?? 12
    const seed = number('seed', { min: 0, max: 4294967295, isWhole: true }) ?? 1
    const found = fit(starts, seed, (done) => progress(done, starts, 'starts'))
    if (flag('points')) for (const line of pointLines()) say(line)

    const figures: Record<string, Figure> = { ...groupFigures() }
    const failures: string[] = []
    for (const [name, held] of Object.entries(HELD)) {
      const value = found.fitted[name as keyof Fitted]
      figures[`fitted.${name}`] = { value: Number(value.toFixed(4)), unit: name.endsWith('M') ? 'm' : '' }
      if (Math.abs(value - held) > ROUNDING)
        failures.push(`${name}: the fit gives ${value.toFixed(4)}, held is ${held}`)
    }
    figures['cost'] = figure(found.cost, '')
    figures['cost.held'] = figure(cost(HELD), '')
    figures['reach'] = figure(WAKE_LAW.coreReachM, 'm')
    return Promise.resolve(report(figures, failures))
  },
}

function pointLines(): string[] {
  const title = (group: Group) => GROUPS[group].title
  return residuals().map(({ point, model }) => {
    const notes = [point.isDerived === true ? 'from a curve' : '', point.weight === 0 ? 'not fitted' : '']
    const note = notes.filter((text) => text !== '').join(', ')
    const off = model - point.published
    const text = `${title(point.group)}, ${point.name}: ${model.toFixed(3)}, published ${point.published.toFixed(3)}`
    return `${text}, off by ${off < 0 ? '−' : '+'}${Math.abs(off).toFixed(3)}${note === '' ? '' : ` (${note})`}`
  })
}
