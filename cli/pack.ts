import type { PackOptions } from '#physics/pack-options'
import { WHOLE_PACK } from '#physics/pack-options'
import { report, UsageError, type Command, type Figure } from './command.ts'
import { SCENES } from './pack/scenes.ts'

export const command: Command = {
  name: 'pack',
  summary: 'ride scenes of a bunch without pictures, and measure what it does',
  positionals: ['SCENE?'],
  options: [
    { name: 'minutes', value: 'N', summary: 'how long a bunch rides; 30 if not said' },
    { name: 'seed', value: 'N', summary: 'another field, other legs', default: '1' },
    { name: 'recording', value: 'FILE', summary: 'a FIT ride whose power a wheel is held with' },
    { name: 'without', value: 'PART', summary: 'leave a part of the pack out, to see what it is for', repeated: true },
  ],
  details: [
    'SCENE is one of (all, if none is named):',
    ...Object.entries(SCENES).map(([name, { summary }]) => `  ${name}: ${summary}`),
    `PART is one of ${Object.keys(WHOLE_PACK).join(', ')}.`,
  ].join('\n'),
  run(invocation) {
    const name = invocation.positionals[0]
    if (name !== undefined && !Object.hasOwn(SCENES, name)) {
      throw new UsageError(`there is no scene "${name}": ${Object.keys(SCENES).join(', ')}`)
    }
    const options: Partial<Record<keyof PackOptions, boolean>> = {}
    for (const part of invocation.all('without')) {
      if (!Object.hasOwn(WHOLE_PACK, part)) {
        throw new UsageError(`the pack has no part "${part}": ${Object.keys(WHOLE_PACK).join(', ')}`)
      }
      options[part as keyof PackOptions] = false
    }
    const figures: Record<string, Figure> = {}
    for (const scene of name === undefined ? Object.keys(SCENES) : [name]) {
      const ridden = SCENES[scene]!.ride({
        minutes: invocation.number('minutes', { min: 2, max: 600, isWhole: true }),
        seed: invocation.number('seed', { min: 1, max: 2 ** 31, isWhole: true })!,
        recording: invocation.text('recording'),
        options,
        progress: (done, total, label) => invocation.progress(done, total, `${scene}: ${label}`),
      })
      for (const [key, value] of Object.entries(ridden)) figures[name === undefined ? `${scene}.${key}` : key] = value
    }
    return Promise.resolve(report(figures))
  },
}
