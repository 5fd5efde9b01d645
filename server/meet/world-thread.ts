import { HelperThread } from '../helper-thread.ts'
import { type HouseWorld, type OpenedWorld, worldOf } from '../room/worlds.ts'

/** Opens roads in a thread of its own: 43 km of columns are read, checked and hashed while the other rooms ride. [A62] */
export function openWorldThread(): {
  readonly open: (folder: string, say: (sentence: string) => void) => Promise<HouseWorld>
  close(): Promise<void>
} {
  const thread = new HelperThread<string, OpenedWorld>(new URL('./world-worker.ts', import.meta.url), {
    busy: 'Many roads are being opened just now. Try again in a moment.',
  })
  return {
    open: async (folder, say) => worldOf(await thread.ask(folder), say),
    close: async () => await thread.close(),
  }
}
