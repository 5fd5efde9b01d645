import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { friendsHere } from '../../hud/friends.ts'
import { roadsWords as words } from '../../words/roads.ts'
import { writeCompany } from '../memory.ts'
import { isSignedInHere } from '../own-memory.ts'
import { useEvery } from '../parts.tsx'
import { mine, type Friend } from './mine-api.ts'

const EVERY_MS = 5000

/** Friends of who is signed in, as often as the page looks. */
export function useFriends(): readonly Friend[] {
  const [friends, setFriends] = useState<readonly Friend[]>([])
  useEvery(EVERY_MS, () => {
    // Guests know nobody by account.
    if (isSignedInHere()) void mine.friends().then((answer) => setFriends(answer.ok ? answer.value.friends : []))
  })
  return friends
}

/** Where friends ride, and how to come up to them; nothing while none does. */
export function FriendsNow(): VNode | null {
  const out = useFriends().flatMap(({ id, name, riding }) => (riding === null ? [] : [{ id, name, riding }]))
  if (out.length === 0) return null
  return (
    <section class="card stack" aria-labelledby="friends-now">
      <h2 id="friends-now">{words.friendsOut}</h2>
      <ul class="friends-now">
        {out.map(({ id, name, riding }) => (
          <li key={id} class="row">
            <span>
              <strong>{name}</strong> <span class="small muted">{riding.mapName}</span>
            </span>
            <button
              class="button push"
              type="button"
              aria-label={words.comeUpTo(name)}
              onClick={() => {
                writeCompany({ roomId: riding.roomId, riderId: riding.riderId, name })
                location.assign('/')
              }}
            >
              {words.rideAlong}
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Marks friends on this road; called now and then by the ride. */
export async function findFriends(roomId: string): Promise<void> {
  const answer = isSignedInHere() ? await mine.friends() : undefined
  if (answer?.ok !== true) return void (friendsHere.value = undefined)
  const here = answer.value.friends.filter(({ riding }) => riding?.roomId === roomId)
  friendsHere.value = new Map(here.map(({ id, riding }) => [riding!.riderId, id]))
}

/** Befriends, or parts from, a rider of this road; answers a sentence when that cannot be. */
export async function changeFriend(roomId: string, riderId: number): Promise<string> {
  const id = friendsHere.peek()?.get(riderId)
  const answer = await (id === undefined ? mine.befriendOnRoad(roomId, riderId) : mine.unfriend(id))
  await findFriends(roomId)
  return answer.ok ? '' : answer.message
}
