import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FilmCut, manifestOf, type ReelManifest } from '#server/replay/manifest'
import type { JournalMark } from '#server/replay/journal-index'
import type { SlowFacts } from '#server/replay/slow-facts'
import { ReelMaker } from '#server/world/reel-maker'
import { parseRecord } from '#server/world/parse-record'
import { replayJournal } from '#server/world/replay'
import type { MapFiles } from '../sim/load-map.ts'

export interface FilmFolderOptions {
  /** Lines of a journal, the header first. */
  readonly lines: readonly string[]
  readonly map: MapFiles
  readonly facts: SlowFacts
  readonly cut: FilmCut
  /** Where film.json, one file a minute, map.json and course.bin are written. */
  readonly folder: string
  readonly onProgress: (line: number, count: number) => void
}

export type FilmedFolder =
  | { readonly ok: true; readonly manifest: ReelManifest; readonly chunks: number; readonly bytes: number }
  | { readonly ok: false; readonly error: string }

/** A journal as a folder of files that any static host can serve: the ride is ridden again once, and filmed. */
export async function makeFilmFolder(options: FilmFolderOptions): Promise<FilmedFolder> {
  const { lines, map, facts, cut, folder, onProgress } = options
  const { fromTick = 0, toTick = Infinity } = cut
  const chunks = new Map<number, Uint8Array>()
  let maker: ReelMaker | undefined
  let lastTick = 0
  const replayed = replayJournal(lines, map, {
    onProgress,
    onTick: (world) => {
      maker ??= new ReelMaker(world, (firstTick, bytes) => chunks.set(firstTick, bytes))
      maker.step(world.tick)
      lastTick = world.tick
    },
  })
  if (!replayed.ok) return replayed
  maker?.finish()
  const index = { header: lines[0]!, isEnded: true, checkpoints: [], marks: marksOf(lines), lastTick, bytes: 0 }
  const manifest = manifestOf(index, facts, cut)
  if (typeof manifest === 'string') return { ok: false, error: manifest }
  await mkdir(folder, { recursive: true })
  let bytes = 0
  let count = 0
  for (const [firstTick, chunk] of chunks) {
    if (firstTick + manifest.chunkTicks <= fromTick || firstTick >= toTick) continue
    await writeFile(join(folder, `${firstTick}.reel`), chunk)
    bytes += chunk.length
    count++
  }
  await writeFile(join(folder, 'film.json'), JSON.stringify(manifest))
  await writeFile(join(folder, 'map.json'), JSON.stringify(map.mapJson))
  await writeFile(join(folder, 'course.bin'), map.courseBytes)
  return { ok: true, manifest, chunks: count, bytes }
}

function marksOf(lines: readonly string[]): JournalMark[] {
  return lines.flatMap((line): JournalMark[] => {
    if (!line.startsWith('["crossing"') && !line.startsWith('["effort"')) return []
    const parsed = parseRecord(line)
    if (!parsed.ok) return []
    if (parsed.value[0] === 'crossing') {
      const [kind, tick, fraction, riderId, lineId, lap] = parsed.value
      return [{ kind, tick, fraction, riderId, lineId, lap }]
    }
    if (parsed.value[0] === 'effort') {
      const [kind, tick, row, segmentId] = parsed.value
      return [{ kind, tick, row, segmentId }]
    }
    return []
  })
}
