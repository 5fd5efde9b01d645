// A process of its own: the same judging, with lines of the program changed before it is loaded. Nothing of the house may
// be imported above, or it would be loaded as it stands.
import { registerHooks } from 'node:module'
import { receiveOptions } from './child.ts'
import type { Edit, EditedResult, EditedRun } from './edited.ts'

const { edits, viewers, seed, seconds, link, variant, inView } = await receiveOptions<EditedRun>()
const done = new Set<Edit>()

registerHooks({
  load(url, context, next) {
    const loaded = next(url, context)
    const here = edits.filter(({ file }) => url.endsWith(`/${file}`))
    if (here.length === 0) return loaded
    const bytes = loaded.source
    let source = typeof bytes === 'string' ? bytes : Buffer.from(bytes as Uint8Array).toString('utf8')
    for (const edit of here) {
      const parts = source.split(edit.from)
      // An edit that no longer fits would measure the whole and call it a part.
      if (parts.length !== 2) throw new Error(`${edit.file} has ${parts.length - 1} times: ${edit.from}`)
      source = parts.join(edit.to)
      done.add(edit)
    }
    return { ...loaded, source }
  },
})

const [{ makeTrace }, { judgeContender }, { ours }] = await Promise.all([
  import('./trace.ts'),
  import('./rig.ts'),
  import('./ours.ts'),
])
const judged = judgeContender(ours(inView), makeTrace({ variant, seconds }), { link, viewers, seed })
const missed = edits.filter((edit) => !done.has(edit))
if (missed.length > 0) throw new Error(`never loaded: ${missed.map(({ file }) => file).join(', ')}`)
const { judge } = judged
const result: EditedResult = {
  bits: judged.bitsPerRider,
  wireKBps: judged.wireKBps,
  along: judge.nowAlong.quantile(0.99),
  alongMost: judge.nowAlong.max,
  sideways: judge.nowSideways.quantile(0.99),
  sidewaysMost: judge.nowSideways.max,
  wattsAgeMs: judge.wattsAgeMs.quantile(0.99),
}
process.send!(result)
