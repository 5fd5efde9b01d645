import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { friendsHere } from '../hud/friends.ts'
import { hudSettings, toggleName } from '../hud/settings.ts'
import type { Ride } from '../ride.ts'
import { sheets as words } from '../words/sheets.ts'

const REASONS = ['rude', 'spam', 'riding', 'name', 'other'] as const

/** Who is near: to cheer, to mark, and what protects one from the few. */
export function PeopleSheet({ ride }: { ride: Ride }): VNode {
  const near = ride.deck.nearby.value
  const { marks } = ride.deck.avoided.value
  useEffect(() => ride.link.askMarks(), [])
  return (
    <>
      {near.length === 0 && <p class="muted">{words.nobodyNear}</p>}
      <ul class="people">
        {near.map(({ id, name, isBot }) => (
          <Person key={id} ride={ride} id={id} name={name} isBot={isBot} />
        ))}
      </ul>
      {marks.length > 0 && (
        <section class="stack">
          <h3>{words.listed}</h3>
          {marks.map(({ id, name, kind }) => (
            <button key={id} class="button" type="button" onClick={() => ride.link.hearAgain(id)}>
              {kind === 'mute' ? words.unmute(name) : words.unblock(name)}
            </button>
          ))}
        </section>
      )}
    </>
  )
}

interface PersonProps {
  readonly ride: Ride
  readonly id: number
  readonly name: string
  readonly isBot: boolean
}

function Person({ ride, id, name, isBot }: PersonProps): VNode {
  const [isOpen, setOpen] = useState(false)
  const { friends } = hudSettings.value
  const { deck } = ride
  const [refusal, setRefusal] = useState('')
  const here = friendsHere.value
  const isFriend = here === undefined ? friends.includes(name) : here.has(id)
  const change = async (): Promise<void> => {
    // A guest's friends are names in this browser; an account's are riders.
    if (here === undefined) return void toggleName('friends', name)
    const { changeFriend } = await import('./mine/friends-now.tsx')
    setRefusal(await changeFriend(ride.link.roomId, id))
  }
  return (
    <li>
      <div class="person">
        <button class="person-name" type="button" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          {isFriend ? '★ ' : ''}
          {name}
        </button>
        <button class="button" type="button" aria-label={words.cheer(name)} onClick={() => ride.deck.rideOn(id)}>
          {words.cheerThem}
        </button>
      </div>
      {isOpen && (
        <div class="stack person-more">
          <button class="button" type="button" aria-pressed={isFriend} onClick={() => void change()}>
            {isFriend ? words.unfriend(name) : words.befriend(name)}
          </button>
          {refusal !== '' && <p role="status">{refusal}</p>}
          {!isBot && (
            <>
              <button class="button" type="button" onClick={() => deck.avoid(id, 'mute', !deck.isAvoided(id, 'mute'))}>
                {deck.isAvoided(id, 'mute') ? words.unmute(name) : words.mute(name)}
              </button>
              <button
                class="button"
                type="button"
                onClick={() => deck.avoid(id, 'block', !deck.isAvoided(id, 'block'))}
              >
                {deck.isAvoided(id, 'block') ? words.unblock(name) : words.block(name)}
              </button>
              <p class="small muted">{words.blockWhy}</p>
              <Report ride={ride} id={id} name={name} />
            </>
          )}
        </div>
      )}
    </li>
  )
}

function Report({ ride, id, name }: Pick<PersonProps, 'ride' | 'id' | 'name'>): VNode {
  const [reason, setReason] = useState<(typeof REASONS)[number]>('rude')
  const [text, setText] = useState('')
  const [isSent, setSent] = useState(false)
  if (isSent) return <p role="status">{words.reported}</p>
  return (
    <form
      class="stack"
      onSubmit={(event) => {
        event.preventDefault()
        ride.link.report(id, reason, text)
        setSent(true)
      }}
    >
      <label class="field">
        <span>{words.report(name)}</span>
        <select
          class="input"
          value={reason}
          onChange={(event) => setReason(REASONS.find((one) => one === event.currentTarget.value) ?? 'other')}
        >
          {REASONS.map((one) => (
            <option key={one} value={one}>
              {words.reasons[one]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words.reportMore}</span>
        <input class="input" maxLength={200} value={text} onInput={(event) => setText(event.currentTarget.value)} />
      </label>
      <p class="small muted">{words.reportWhy}</p>
      <button class="button" type="submit">
        {words.reportSend}
      </button>
    </form>
  )
}
