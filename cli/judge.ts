import { ownPublicKey, verifySignature } from '#server/event-signing'
import { judgeRun, type Judged, type RunFile } from '#server/world/run-file'
import type { Result } from '#server/event/model'
import { figure, type Command, type Figure, type Invocation, type Report } from './command.ts'
import { dataDir } from './sim/data-dir.ts'
import { differenceFromSimulation, isSimulated, roadInFile, shippedRoad } from './sim/rerun.ts'
import { readText } from './read-text.ts'

export const command: Command = {
  name: 'judge',
  summary: 'simulate an exported race again and reproduce its result, or refuse it',
  positionals: ['FILE'],
  options: [
    {
      name: 'trust',
      value: 'KEY',
      summary: 'public key of a server you know (base64), as its organiser gives it to you',
      repeated: true,
    },
  ],
  details: [
    'Every tick is ridden again from the inputs in FILE; checkpoints, crossings, order, times and the final hash must',
    'come out as they stand there, and the signature must fit. Whoever alters an input can ride the rest again and sign',
    'it with a key of their own: so the key must be this server’s (keys/judge.key in GRUPPETTO_DATA_DIR) or one you',
    '--trust. A race of gruppetto sim needs no key: it must be, to the byte, what its seed gives on a road we ship.',
  ].join('\n'),
  run: judge,
}

async function judge(invocation: Invocation): Promise<Report> {
  const path = invocation.positionals[0]!
  const text = await readText(path)
  const startMs = performance.now()
  const judged = judgeRun(text, verifySignature, (line, count) => invocation.progress(line, count, 'riding again'))
  const tookS = (performance.now() - startMs) / 1000
  const failures = judged.failures.map((sentence) => `${path}: ${sentence}`)
  const trusted = invocation.all('trust')
  const signedBy = whose(judged.publicKey, judged.isSignatureGood, trusted)
  if (failures.length === 0) {
    const doubt = await doubtOf(judged.file!, { isKnown: signedBy !== 'an unknown server', trusted }, invocation)
    const key = `signed by an unknown server (key ${judged.publicKey!})`
    if (doubt !== undefined) failures.push(`${path}: ${signedBy === 'an unknown server' ? `${key}: ` : ''}${doubt}`)
    else if (signedBy === 'an unknown server') invocation.say(`${path} is ${key}, and to the byte what its seed gives.`)
  }
  const figures: Record<string, Figure> = {
    signedBy: { value: signedBy, unit: '' },
    ...(judged.publicKey === undefined ? {} : { publicKey: { value: judged.publicKey, unit: '' } }),
    // What was refused before it was ridden again has no figures.
    ...(judged.ticks === 0 ? {} : riddenFigures(judged, tookS)),
  }
  if (failures.length === 0) for (const row of judged.results) invocation.say(resultLine(row))
  return { ok: failures.length === 0, figures, failures }
}

function riddenFigures(judged: Judged, tookS: number): Record<string, Figure> {
  return {
    hash: { value: judged.hash, unit: '' },
    ticks: figure(judged.ticks, ''),
    samples: figure(judged.samples, ''),
    checkpoints: figure(judged.checkpoints, ''),
    crossings: figure(judged.crossings, ''),
    order: { value: judged.results.map((row) => row.bib).join(' '), unit: 'bib' },
    winnerMs: { value: judged.results[0]?.timeMs ?? 0, unit: 'ms' },
    overRealTime: figure(Math.round(judged.ticks / 20 / tookS), '×'),
  }
}

/** A file in which everything fits together: why it may still be somebody's invention. */
async function doubtOf(
  file: RunFile,
  { isKnown, trusted }: { isKnown: boolean; trusted: readonly string[] },
  invocation: Invocation,
): Promise<string | undefined> {
  const remedy = 'compare the key with the organiser’s, and judge it with --trust KEY.'
  if (!isKnown && (!isSimulated(file) || trusted.length > 0))
    return `everything in it fits together, but anybody could have ridden it again so; ${remedy}`
  if (!isSimulated(file)) return undefined
  const road = isKnown ? roadInFile(file) : await shippedRoad(file)
  if (road === undefined) return `simulated on a road that this program does not ship; ${remedy}`
  const onTick = (tick: number) => {
    if (tick % 1000 === 0) invocation.progress(tick, file.final.tick, 'simulating again')
  }
  const difference = differenceFromSimulation(file, road, onTick)
  return difference === undefined ? undefined : `not the simulated race of seed ${file.seed}: ${difference}.`
}

function whose(publicKey: string | undefined, isGood: boolean, trusted: readonly string[]): string {
  if (publicKey === undefined || !isGood) return 'nobody'
  if (trusted.includes(publicKey)) return 'a trusted server'
  return publicKey === ownPublicKey(dataDir()) ? 'this server' : 'an unknown server'
}

/** `12  1:02:03.456  #7  Ana`. */
export function resultLine(row: Result): string {
  const place = row.place === null ? row.status.toUpperCase() : String(row.place)
  const time = row.timeMs === null ? '' : clockText(row.timeMs)
  return `${place.padStart(4)}  ${time.padStart(12)}  #${String(row.bib).padEnd(4)} ${row.name}`
}

export function clockText(ms: number): string {
  const total = Math.floor(ms)
  const [h, m, s] = [Math.floor(total / 3_600_000), Math.floor(total / 60_000) % 60, Math.floor(total / 1000) % 60]
  const tail = `${String(s).padStart(2, '0')}.${String(total % 1000).padStart(3, '0')}`
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${tail}` : `${m}:${tail}`
}
