import { ReelMaker } from './reel-maker.ts'
import { replayJournal, type ReplayRoad } from './replay.ts'
import { REEL_CHUNK_TICKS } from '#protocol/reel'

export type Filmed =
  /** `ticks`: so many were ridden again for it. */
  | { readonly ok: true; readonly bytes: Uint8Array; readonly ticks: number }
  | { readonly ok: false; readonly error: string }

/**
 * One minute of a journal as a chunk of a reel. `lines` are the journal's header, the checkpoint at `firstTick` (none for
 * tick 0) and what follows it; lines beyond the minute are left alone. The ride is ridden again and compared with what
 * the journal says, so a film that comes out is what happened.
 */
export function filmChunk(
  lines: readonly string[],
  road: ReplayRoad,
  firstTick: number,
  { lastTick = Infinity }: { lastTick?: number } = {},
): Filmed {
  let filmed: Uint8Array | undefined
  let maker: ReelMaker | undefined
  let ticks = 0
  // One tick more: the next checkpoint is to agree as well.
  // And none that was not ridden yet: the world would roll on without a word from anybody.
  const untilTick = Math.min(firstTick + REEL_CHUNK_TICKS, lastTick)
  const replayed = replayJournal(lines, road, {
    from: firstTick === 0 ? 'start' : 'first-checkpoint',
    untilTick,
    onTick: (world) => {
      maker ??= new ReelMaker(world, (tick, bytes) => {
        if (tick === firstTick) filmed = bytes
      })
      maker.step(world.tick)
      ticks++
    },
  })
  if (!replayed.ok) return { ok: false, error: replayed.error }
  maker?.finish()
  if (filmed === undefined) return { ok: false, error: `the journal has nothing at tick ${firstTick}` }
  return { ok: true, bytes: filmed, ticks: ticks - 1 }
}
