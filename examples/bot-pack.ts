// A pack of riders by script, racing one lap in virtual time: the world without a server, a network or a picture.
//
//   node examples/bot-pack.ts
import { clockText } from '#cli/judge'
import { loadMap } from '#cli/sim/load-map'
import { rideRace } from '#cli/sim/race'
import { results } from '#server/event/results'
import { replayJournal } from '#server/world/replay'

const riders = 20
const laps = 1
const seed = 1 // Another number is another race; the same number is the same race to the last bit.
const map = await loadMap()

// Everybody stands in the pen; at the gun all of them go in the same tick.
const { world, lines, startTick } = rideRace({ map, seed, riders, laps })
if (world.run.phase !== 'finished') throw new Error('the race has no end')

// The result is a pure function of crossings and decisions; here the organiser takes the winner's victory away …
const papers = { run: world.run.run, startTick, crossings: world.crossings, decisions: [] }
const winner = results(papers)[0]!
const decision = {
  id: 1,
  riderId: winner.riderId,
  action: { kind: 'dq' },
  reason: 'rode on the grass',
  by: 'me',
} as const
console.log(`${winner.name} came first in ${clockText(winner.timeMs ?? 0)}, and is out for this: ${decision.reason}.\n`)
for (const row of results({ ...papers, decisions: [decision] }).slice(0, 10)) {
  console.log(`${String(row.place ?? '—').padStart(3)}  ${clockText(row.timeMs ?? 0).padStart(11)}  ${row.name}`)
}

// … and what the journal holds is enough to ride all of it again.
const again = replayJournal(lines, map)
const isSame = again.ok && again.world.stateHash() === world.stateHash()
console.log(
  `\n${lines.length} lines of journal, ridden again: ${isSame ? 'the same' : 'another'} world, ${world.stateHash()}`,
)
