import { fileURLToPath } from 'node:url'
import { systemClock } from '#server/clock'
import { readConfig } from '#server/config'
import { chooseAead } from '#server/net/choose-aead'
import { loadWorlds } from '#server/room/worlds'
import { Fleet } from './fleet.ts'
import type { FromFleet, ToFleet } from './messages.ts'

/** A process of riders: started by `gruppetto load`, told what to do over its channel. */
let fleet: Fleet | undefined

process.on('message', (message: ToFleet) => {
  switch (message.kind) {
    case 'ride':
      return void ride(message)
    case 'truth':
      return fleet?.hear(message)
    case 'measure':
      return fleet?.measure()
    case 'tell':
      if (fleet !== undefined) tell({ kind: 'told', counts: fleet.counts() })
      return
    case 'stop':
      void stop()
  }
})
process.on('disconnect', () => void stop())

async function ride(order: ToFleet & { kind: 'ride' }): Promise<void> {
  try {
    const folder = fileURLToPath(new URL('../../maps/worlds', import.meta.url))
    const world = (await loadWorlds(folder, () => {})).get(order.map)
    if (world === undefined) throw new Error(`there is no road "${order.map}"`)
    const aead = await chooseAead(readConfig().aead, systemClock)
    fleet = new Fleet(order, world.course, aead)
    const progress = setInterval(() => tell({ kind: 'joined', joined: fleet!.joined }), 500)
    await fleet.join()
    clearInterval(progress)
    tell({ kind: 'joined', joined: order.riders })
  } catch (error) {
    tell({ kind: 'failed', sentence: error instanceof Error ? error.message : String(error) })
  }
}

async function stop(): Promise<void> {
  await fleet?.close()
  process.disconnect?.()
  process.exit(0)
}

function tell(message: FromFleet): void {
  process.send?.(message)
}
