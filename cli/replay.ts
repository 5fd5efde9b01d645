import { journalLines, replayJournal } from '#server/world/replay'
import { parseHeader } from '#server/world/parse-record'
import { figure, report, type Command, type Invocation, type Report } from './command.ts'
import { loadMap } from './sim/load-map.ts'
import { readText } from './read-text.ts'

export const command: Command = {
  name: 'replay',
  summary: 'ride a journal again and compare every hash in it',
  positionals: ['JOURNAL'],
  options: [{ name: 'map', value: 'MAP', summary: 'name or folder of the map; by default the one the journal names' }],
  details: [
    'Every input is applied in its tick, and every line the world writes while it goes must be the one in the file.',
    'The first that is not is named with its line and tick, and the exit code is 1. A journal cut off by a crash is',
    'replayed to its last whole line.',
  ].join('\n'),
  run: replay,
}

async function replay(invocation: Invocation): Promise<Report> {
  const path = invocation.positionals[0]!
  const lines = journalLines(await readText(path))
  const header = parseHeader(lines[0] ?? '')
  if (!header.ok) return report({}, [`${path}: line 1 ${header.error}.`])
  const map = await loadMap(invocation.text('map') ?? header.value.mapId)
  const startMs = performance.now()
  const replayed = replayJournal(lines, map, {
    onProgress: (line, count) => invocation.progress(line, count, 'riding again'),
  })
  const tookS = (performance.now() - startMs) / 1000
  if (!replayed.ok) {
    return report({ line: figure(replayed.line, ''), tick: figure(replayed.tick, '') }, [`${path}: ${replayed.error}.`])
  }
  if (replayed.notice !== undefined) invocation.say(`${path}: ${replayed.notice}.`)
  const { world } = replayed
  return report({
    hash: { value: world.stateHash(), unit: '' },
    ticks: figure(world.tick, ''),
    samples: figure(replayed.samples, ''),
    checkpoints: figure(replayed.checkpoints, ''),
    crossings: figure(world.crossings.length, ''),
    isWhole: { value: !replayed.isCut, unit: '' },
    overRealTime: figure(Math.round(world.tick / 20 / tookS), '×'),
  })
}
