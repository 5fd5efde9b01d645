import { TICK_HZ } from '#protocol/limits'
import { clockText } from './pages/format.ts'
import { meetWords } from './words/meet.ts'
import { racesWords as words } from './words/races.ts'
import type { RoomFacts } from './room.ts'

/** What the instruments say of a race: the line of lap and place, and now and then words over the road. */
export function raceWords(facts: RoomFacts, riderId: number, tick: number): { race?: string; banner?: string } {
  if (facts.meetId !== '') return meetLines(facts, tick)
  if (facts.eventId === '') return {}
  const own = facts.board.find((place) => place.riderId === riderId)
  const lap = words.lapOf(Math.min((own?.lap ?? 0) + 1, facts.laps), facts.laps)
  const race = own && facts.phase === 'racing' ? `${lap} · ${words.placeOf(own.place, facts.board.length)}` : lap
  const banner = bannerOf(facts, own, (facts.startTick - tick) / TICK_HZ)
  return banner === undefined ? { race } : { race, banner }
}

function bannerOf(facts: RoomFacts, own: RoomFacts['board'][number] | undefined, leftS: number): string | undefined {
  if (facts.phase === 'open') return words.waiting(facts.eventTitle)
  if (facts.phase === 'countdown' && leftS > 0) return words.startCount(Math.ceil(leftS))
  if (facts.phase === 'racing' && leftS > -3) return words.go
  if (own && own.finishedMs > 0) return words.finished(own.place, facts.board.length)
  return facts.phase === 'provisional' ? words.over : undefined
}

/** Of a meet-up: its name, that the law holds, and while everybody waits how long. */
function meetLines(
  { eventTitle, isTogether, meetStartTick }: RoomFacts,
  tick: number,
): { race?: string; banner?: string } {
  const race = isTogether ? `${eventTitle} · ${meetWords.kept}` : eventTitle
  const leftS = (meetStartTick - tick) / TICK_HZ
  if (leftS > 0) return { race, banner: meetWords.startsIn(clockText(Math.ceil(leftS) * 1000)) }
  return leftS > -3 ? { race, banner: words.go } : { race }
}
