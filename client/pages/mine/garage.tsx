import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import { BIKES, KIT_PATTERNS, type RiderLook } from '../../world/rider-look.ts'
import { readRider } from '../memory.ts'
import { isSignedInHere, readLook, writeLook } from '../own-memory.ts'
import { Notice } from '../parts.tsx'
import { MineFrame } from './frame.tsx'
import { anyLook, COLOURS, css, DEFAULT_LOOK, kitCode, kitOfCode, nearestColour, SKINS } from './kit.ts'
import { KitStand } from './kit-stand.tsx'
import { mine } from './mine-api.ts'

const SAVE_AFTER_MS = 600

/** What one wears and rides; kept as it is chosen. */
export function GaragePage(): VNode {
  const [look, setLook] = useState<RiderLook>(() => readLook() ?? DEFAULT_LOOK)
  const [isTouched, setTouched] = useState(false)
  const [said, setSaid] = useState('')
  const [code, setCode] = useState('')
  const set = (part: Partial<RiderLook>): void => {
    setLook({ ...look, ...part })
    setTouched(true)
    setSaid('')
  }
  useEffect(() => {
    if (!isTouched) return
    writeLook(look)
    const timer = setTimeout(() => {
      const rider = readRider()
      const saving = [
        ...(isSignedInHere() ? [mine.save({ look })] : []),
        ...(rider === undefined ? [] : [mine.dress(rider.secret, look)]),
      ]
      // What only this browser keeps needs nobody's leave; a server that is away hears of it at the next ride.
      void Promise.all(saving).then(() => setSaid(words.saved))
    }, SAVE_AFTER_MS)
    return () => clearTimeout(timer)
  }, [look, isTouched])
  function wear(): void {
    const kit = kitOfCode(code)
    if (kit === undefined) return setSaid(words.wrongCode)
    setCode('')
    set(kit)
  }
  return (
    <MineFrame here="/garage" title={words.garage} lead={words.garageLead}>
      <div class="garage">
        <div class="garage-show">
          <div class="card stand">
            <KitStand look={look} />
            <div class="row">
              <button
                class="button"
                type="button"
                onClick={() => set(anyLook(() => crypto.getRandomValues(new Uint32Array(1))[0]! / 2 ** 32, look))}
              >
                {words.shuffle}
              </button>
              <p class="small muted push" role="status">
                {said}
              </p>
            </div>
          </div>
          <section class="card stack" aria-label={words.club}>
            <h2>{words.club}</h2>
            <p class="small muted">{words.clubWhy}</p>
            <p class="kit-code number" aria-label={words.clubCode}>
              {kitCode(look)}
            </p>
            <form
              class="row"
              onSubmit={(event) => {
                event.preventDefault()
                wear()
              }}
            >
              <label class="field grow">
                <span>{words.clubCode}</span>
                <input
                  class="input"
                  value={code}
                  maxLength={12}
                  autocomplete="off"
                  spellcheck={false}
                  onInput={(event) => setCode(event.currentTarget.value)}
                />
              </label>
              <button class="button" type="submit">
                {words.wear}
              </button>
            </form>
          </section>
        </div>
        <div class="stack">
          <Swatches name="jersey" label={words.jersey} look={look} onPick={set} />
          <Swatches name="accent" label={words.accent} look={look} onPick={set} />
          <Options
            label={words.pattern}
            names={words.patterns}
            count={KIT_PATTERNS.length}
            at={look.pattern}
            onPick={(pattern) => set({ pattern })}
          />
          <Swatches name="shorts" label={words.shorts} look={look} onPick={set} />
          <Swatches name="helmet" label={words.helmet} look={look} onPick={set} />
          <Swatches name="frame" label={words.frame} look={look} onPick={set} />
          <Options
            label={words.bike}
            names={words.bikes}
            count={BIKES.length}
            at={look.bike}
            onPick={(bike) => set({ bike })}
            note={words.bikesAre}
          />
          <Swatches name="skin" label={words.skin} look={look} onPick={set} />
          <label class="field card">
            <span>{words.number}</span>
            <input
              class="input number short"
              type="number"
              inputMode="numeric"
              min={0}
              max={9999}
              value={look.number}
              onInput={(event) => {
                const number = event.currentTarget.valueAsNumber
                if (Number.isInteger(number) && number >= 0 && number <= 9999) set({ number })
              }}
            />
            <span class="small muted">{words.noNumber}</span>
          </label>
        </div>
      </div>
      {said === words.wrongCode && <Notice level="bad">{said}</Notice>}
    </MineFrame>
  )
}

type Part = 'jersey' | 'accent' | 'shorts' | 'helmet' | 'frame' | 'skin'

/** Colours as radio buttons: the arrow keys walk them, and each says its name. */
function Swatches(props: {
  name: Part
  label: string
  look: RiderLook
  onPick: (part: Partial<RiderLook>) => void
}): VNode {
  const { name, label, look, onPick } = props
  const isSkin = name === 'skin'
  const colours: readonly number[] = isSkin ? SKINS : COLOURS
  const names = isSkin ? words.skins : words.colours
  const known = colours.indexOf(look[name])
  const at = known >= 0 || isSkin ? known : nearestColour(look[name])
  return (
    <fieldset class="card swatches">
      <legend>
        {label} <span class="muted">{names[at] ?? ''}</span>
      </legend>
      <div class="swatch-row">
        {colours.map((_, i) => (
          <label key={i} class="swatch" title={names[i]}>
            <input
              type="radio"
              name={name}
              checked={i === at}
              onChange={() => onPick({ [name]: colours[i]! })}
              aria-label={`${label}: ${names[i]}`}
            />
            <span style={{ backgroundColor: css(colours[i]!) }} aria-hidden="true" />
          </label>
        ))}
      </div>
    </fieldset>
  )
}

function Options(props: {
  label: string
  names: readonly string[]
  count: number
  at: number
  onPick: (index: number) => void
  note?: string
}): VNode {
  return (
    <fieldset class="card swatches">
      <legend>{props.label}</legend>
      <div class="option-row">
        {Array.from({ length: props.count }, (_, i) => (
          <label key={i} class="option">
            <input type="radio" name={props.label} checked={i === props.at} onChange={() => props.onPick(i)} />
            <span>{props.names[i]}</span>
          </label>
        ))}
      </div>
      {props.note !== undefined && <p class="small muted">{props.note}</p>}
    </fieldset>
  )
}
