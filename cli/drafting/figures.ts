import { figure, type Figure } from '../command.ts'
import { residuals } from './fit.ts'
import { GROUPS } from './points.ts'

/** Residuals of the law as it is held, by group, against the bars of issue 3. */
export function groupFigures(): Record<string, Figure> {
  const figures: Record<string, Figure> = {}
  const all = residuals()
  for (const [group, { worst, rms }] of Object.entries(GROUPS)) {
    const errors = all.filter(({ point }) => point.group === group).map(({ point, model }) => model - point.published)
    const hasBar = worst < 1
    const squares = errors.reduce((sum, error) => sum + error * error, 0)
    const target = (atMost: number) => (hasBar ? { atMost } : undefined)
    figures[`${group}.points`] = figure(errors.length, '')
    figures[`${group}.rms`] = figure(round(Math.sqrt(squares / errors.length)), '', target(rms))
    figures[`${group}.worst`] = figure(round(Math.max(...errors.map(Math.abs))), '', target(worst))
  }
  return figures
}

const round = (value: number): number => Number(value.toFixed(4))
