import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { hudSettings, setHud } from '../hud/settings.ts'
import { ACTION_IDS, type ActionId } from '../input/actions.ts'
import { actionOfButton, buttonKey, type HandlebarButton } from '../input/handlebar.ts'
import { pressed } from '../input/pressed.ts'
import { handlebarWords as words } from '../words/handlebar.ts'
import { sheets as ride } from '../words/sheets.ts'

interface Known {
  readonly name: string
  readonly device: string
}

/** Which button at the handlebar does what: press one, and it stands here to be given an action. */
export function HandlebarButtons(): VNode {
  const { buttons } = hudSettings.value
  const [fresh, setFresh] = useState<readonly Known[]>([])
  useEffect(
    () =>
      pressed.subscribe((button) => {
        if (button !== undefined)
          setFresh((known) => (known.some((one) => isSame(one, button)) ? known : [...known, button]))
      }),
    [],
  )
  const kept = Object.keys(buttons).map(knownOf)
  const all = [...kept, ...fresh.filter((one) => !kept.some((other) => isSame(one, other)))]
  const give = ({ name, device }: Known, id: string): void => {
    const { [buttonKey(name, device)]: _before, ...others } = hudSettings.peek().buttons
    setHud({ buttons: id === '' ? others : { ...others, [buttonKey(name, device)]: id } })
  }
  return (
    <fieldset class="stack">
      <legend>{words.title}</legend>
      <p class="small muted">{words.why}</p>
      {all.length === 0 ? (
        <p>{words.none}</p>
      ) : (
        <div class="figures">
          {all.map((one) => (
            <label key={buttonKey(one.name, one.device)} class="field" data-now={isSame(one, pressed.value)}>
              <span>{words.button(words.names[one.name] ?? one.name, shortOf(one.device))}</span>
              <select
                class="input"
                value={buttons[buttonKey(one.name, one.device)] ?? ''}
                onChange={(event) => give(one, event.currentTarget.value)}
              >
                <option value="">{words.usual(usualOf(one))}</option>
                {ACTION_IDS.map((id) => (
                  <option key={id} value={id}>
                    {ride.actions[id]}
                  </option>
                ))}
              </select>
            </label>
          ))}
        </div>
      )}
      {Object.keys(buttons).length > 0 && (
        <button class="button" type="button" onClick={() => setHud({ buttons: {} })}>
          {words.reset}
        </button>
      )}
    </fieldset>
  )
}

const isSame = (one: Known, other: Known | undefined): boolean =>
  one.name === other?.name && one.device === other.device

function knownOf(key: string): Known {
  const at = key.lastIndexOf(' ')
  return { device: key.slice(0, at), name: key.slice(at + 1) }
}

/** What it does when its rider gives it nothing else. */
function usualOf({ name }: Known): string {
  const legs = words.legs[name]
  if (legs !== undefined) return legs
  const id: ActionId | undefined = actionOfButton({ name, value: 1 } as HandlebarButton, '')
  return id === undefined ? words.nothing : ride.actions[id]
}

/** Of an address its end: enough to tell two bars apart. */
const shortOf = (device: string): string => device.slice(-8)
