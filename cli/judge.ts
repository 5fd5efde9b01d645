import { readFile } from 'node:fs/promises'
import { ownPublicKey, verifySignature } from '#server/event-signing'
import { judgeRun } from '#server/world/run-file'
import type { Result } from '#server/event/model'
import { figure, UsageError, type Command, type Figure, type Invocation, type Report } from './command.ts'
import { dataDir } from './sim/data-dir.ts'

export const command: Command = {
  name: 'judge',
  summary: 'simulate an exported race again and reproduce its result, or refuse it',
  positionals: ['FILE'],
  options: [
    {
      name: 'trust',
      value: 'KEY',
      summary: 'public key of a server you know (base64); with it, a stranger’s key is refused',
      repeated: true,
    },
  ],
  details: [
    'Every tick is ridden again from the inputs in FILE; checkpoints, crossings, order, times and the final hash must',
    'come out as they stand there, and the signature must fit. A key that is neither this server’s own',
    '(keys/judge.key in GRUPPETTO_DATA_DIR) nor trusted is reported: the race is then consistent, but anybody’s.',
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
  if (judged.isSignatureGood && signedBy === 'an unknown server') {
    const sentence = `signed by an unknown server (key ${judged.publicKey!}).`
    if (trusted.length > 0) failures.push(`${path}: ${sentence}`)
    else invocation.say(`${path} is ${sentence} Compare the key with the organiser’s before you believe it.`)
  }
  const figures: Record<string, Figure> = {
    signedBy: { value: signedBy, unit: '' },
    publicKey: { value: judged.publicKey ?? '', unit: '' },
    hash: { value: judged.hash, unit: '' },
    ticks: figure(judged.ticks, ''),
    samples: figure(judged.samples, ''),
    checkpoints: figure(judged.checkpoints, ''),
    crossings: figure(judged.crossings, ''),
    order: { value: judged.results.map((row) => row.bib).join(' '), unit: 'bib' },
    winnerMs: { value: judged.results[0]?.timeMs ?? 0, unit: 'ms' },
    overRealTime: figure(Math.round(judged.ticks / 20 / tookS), '×'),
  }
  if (failures.length === 0) for (const row of judged.results) invocation.say(resultLine(row))
  return { ok: failures.length === 0, figures, failures }
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

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${error instanceof Error ? error.message : 'unknown reason'}`)
  }
}
