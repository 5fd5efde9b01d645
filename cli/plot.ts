import { mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { report, type Command, type Figure } from './command.ts'
import { plotNamed, PLOTS } from './plots/plots.ts'

export const command: Command = {
  name: 'plot',
  summary: 'draw what a law of the house does, against what was published',
  positionals: ['NAME', 'ID?'],
  options: [{ name: 'out', value: 'FOLDER', summary: 'where the SVG files go', default: 'docs/pictures' }],
  details: [
    'Plots:',
    ...Object.entries(PLOTS).map(([name, { summary }]) => `  ${name}: ${summary}`),
    'Without an ID world draws sorrelmere. Any folder under maps/worlds is an ID, an imported road too.',
    'The same tree draws the same bytes. The report holds the figures that the plot shows.',
  ].join('\n'),
  async run(invocation) {
    const name = invocation.positionals[0] ?? ''
    const plot = await plotNamed(name)
    const folder = resolve(invocation.text('out') ?? 'docs/pictures')
    const drawn = await plot.draw(invocation.positionals[1])
    mkdirSync(folder, { recursive: true })
    const files: Record<string, Figure> = {}
    for (const [file, svg] of drawn.pictures) {
      writeFileSync(join(folder, file), svg)
      files[file] = { value: svg.length, unit: 'B' }
    }
    return report({ ...drawn.report.figures, ...files }, drawn.report.failures)
  },
}
