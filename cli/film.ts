import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { TICK_HZ } from '#protocol/limits'
import { readSlowFacts } from '#server/replay/slow-facts'
import { journalLines } from '#server/world/replay'
import { parseHeader } from '#server/world/parse-record'
import { type Command, figure, report, UsageError } from './command.ts'
import { makeFilmFolder } from './film/film-folder.ts'
import { loadMap } from './sim/load-map.ts'

export const command: Command = {
  name: 'film',
  summary: 'make a film of a journal: a folder of files that any web server can show',
  positionals: ['JOURNAL'],
  options: [
    { name: 'out', value: 'DIR', summary: 'where the film is written', isRequired: true },
    { name: 'map', value: 'MAP', summary: 'name or folder of the map; by default the one the journal names' },
    { name: 'title', value: 'TEXT', summary: 'what it is called', default: 'A ride' },
    { name: 'from', value: 'S', summary: 'begin there, seconds of the journal', default: '0' },
    { name: 'to', value: 'S', summary: 'end there; without it at the end' },
    { name: 'rider', value: 'ID', summary: 'whom to look at first' },
  ],
  details: [
    'The ride is ridden again and compared with the journal line by line; a journal that does not agree with itself yields',
    'no film. Names and looks are read from the .facts file beside it. `gruppetto demo` puts such a folder and the page',
    'together.',
  ].join('\n'),
  async run(invocation) {
    const path = invocation.positionals[0]!
    const text = await readFile(path, 'utf8').catch((error: Error) => {
      throw new UsageError(`${path} cannot be read: ${error.message}`)
    })
    const lines = journalLines(text)
    const header = parseHeader(lines[0] ?? '')
    if (!header.ok) return report({}, [`${path}: line 1 ${header.error}.`])
    const map = await loadMap(invocation.text('map') ?? header.value.mapId)
    const toS = invocation.number('to', { min: 1, max: 1e7 })
    const riderId = invocation.number('rider', { min: 1, max: 2 ** 24, isWhole: true })
    const made = await makeFilmFolder({
      ...{ lines, map, folder: resolve(invocation.text('out')!), facts: await readSlowFacts(path) },
      cut: {
        ...{ title: invocation.text('title')!, mapId: map.map.id, mapHash: map.mapHash },
        fromTick: Math.round(invocation.number('from', { min: 0, max: 1e7 })! * TICK_HZ),
        ...(toS === undefined ? {} : { toTick: Math.round(toS * TICK_HZ) }),
        ...(riderId === undefined ? {} : { riderId }),
      },
      onProgress: (line, count) => invocation.progress(line, count, 'riding again'),
    })
    if (!made.ok) return report({}, [`${path}: ${made.error}.`])
    const { manifest, chunks, bytes } = made
    const seconds = (manifest.toTick - manifest.fromTick) / TICK_HZ
    return report({
      seconds: figure(Math.round(seconds), 's'),
      riders: figure(manifest.riders.length, ''),
      minutes: figure(chunks, ''),
      bytes: figure(bytes, 'B'),
      bytesPerRiderHour: figure(Math.round((bytes / Math.max(1, manifest.riders.length) / seconds) * 3600), 'B'),
    })
  },
}
