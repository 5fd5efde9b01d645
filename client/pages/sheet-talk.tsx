import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { RideDeck } from '../ride-deck.ts'
import { hud } from '../words/hud.ts'
import { sheets as words } from '../words/sheets.ts'

/** Quick messages for hands on the bars, a line for those who can type, and what was said. */
export function TalkSheet({ deck, onDone }: { deck: RideDeck; onDone: () => void }): VNode {
  const [text, setText] = useState('')
  const said = deck.history.value
  return (
    <>
      <section class="quick" aria-label={words.quickTitle}>
        {hud.quick.map((line, index) => (
          <button
            key={line}
            class="button"
            type="button"
            onClick={() => {
              deck.quick(index)
              onDone()
            }}
          >
            {line}
          </button>
        ))}
      </section>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          if (text.trim() === '') return
          deck.say(text.trim())
          onDone()
        }}
      >
        <div class="field">
          <label for="say">{words.yourLine}</label>
          <div class="say">
            <input
              class="input"
              id="say"
              name="say"
              maxLength={200}
              autocomplete="off"
              value={text}
              onInput={(event) => setText(event.currentTarget.value)}
            />
            <button class="button" type="submit">
              {words.send}
            </button>
          </div>
        </div>
      </form>
      {said.length === 0 ? (
        <p class="muted">{words.nothingSaid}</p>
      ) : (
        <ul class="said-lines">
          {said.toReversed().map(({ id, name, text: line, riderId, isOwn }) => (
            <li key={id}>
              <span>
                <b>{name}</b> {line}
              </span>
              {riderId !== undefined && !isOwn && (
                <button class="button quiet" type="button" onClick={() => deck.avoid(riderId, 'mute', true)}>
                  {words.mute(name)}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}
