import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import {
  CRITICAL_W,
  fitness,
  hudSettings,
  setFitness,
  PANELS,
  setHud,
  setPanel,
  SIZES,
  W_PRIME_J,
} from '../hud/settings.ts'
import { ACTION_IDS, type ActionId, keyName } from '../input/actions.ts'
import { hud } from '../words/hud.ts'
import { sheets as words } from '../words/sheets.ts'
import { type Fitness, FTP_W, isSignedInHere, MAX_BPM } from './own-memory.ts'
import { HandlebarButtons } from './handlebar-buttons.tsx'
import { PictureSettings } from './picture-settings.tsx'
import { rideActions } from './ride-actions.ts'

/** Which panels there are and how large, what one's body can, and which key does what. */
export function ScreenSheet(): VNode {
  const { panels, isFar } = hudSettings.value
  return (
    <>
      <label class="check">
        <input type="checkbox" checked={isFar} onChange={(event) => setHud({ isFar: event.currentTarget.checked })} />
        <span>{words.far}</span>
      </label>
      <fieldset class="panels">
        <legend>{words.panelsTitle}</legend>
        {PANELS.map((id) => (
          <div key={id} class="panel-choice" role="group" aria-label={hud.panels[id]}>
            <span>{hud.panels[id]}</span>
            {SIZES.map((size) => (
              <button
                key={size}
                class="button"
                type="button"
                aria-pressed={panels[id] === size}
                onClick={() => setPanel(id, size)}
              >
                {words.sizes[size]}
              </button>
            ))}
          </div>
        ))}
      </fieldset>
      <PictureSettings />
      <Figures />
      <Keys />
      <HandlebarButtons />
    </>
  )
}

function Figures(): VNode {
  const { criticalW, wPrimeJ } = hudSettings.value
  const { ftpW, maxHeartRateBpm } = fitness.value
  const tell = (change: Partial<Fitness>): void => {
    setFitness(change)
    if (isSignedInHere()) void keepFitness(change)
  }
  return (
    <fieldset class="stack">
      <legend>{words.figuresTitle}</legend>
      <p class="small muted">{words.figuresWhy}</p>
      <div class="figures">
        <Figure
          label={words.ftp}
          unit="W"
          value={ftpW ?? undefined}
          range={FTP_W}
          onValue={(value) => tell({ ftpW: value ?? null })}
        />
        <Figure
          label={words.critical}
          unit="W"
          value={criticalW}
          range={CRITICAL_W}
          onValue={(value) => setHud({ criticalW: value })}
        />
        <Figure
          label={words.wPrime}
          unit="J"
          value={wPrimeJ}
          range={W_PRIME_J}
          onValue={(value) => setHud({ wPrimeJ: value })}
        />
        <Figure
          label={words.heartMax}
          unit={hud.units.bpm}
          value={maxHeartRateBpm ?? undefined}
          range={MAX_BPM}
          onValue={(value) => tell({ maxHeartRateBpm: value ?? null })}
        />
      </div>
    </fieldset>
  )
}

/** The account has them as well. */
async function keepFitness(change: Partial<Fitness>): Promise<void> {
  const { mine } = await import('./mine/mine-api.ts')
  const who = await mine.who()
  const account = who.ok ? who.value.account : null
  if (account !== null) await mine.save({ profile: { ...account.profile, ...change } })
}

interface FigureProps {
  readonly label: string
  readonly unit: string
  readonly value: number | undefined
  readonly range: { readonly min: number; readonly max: number }
  readonly onValue: (value: number | undefined) => void
}

function Figure({ label, unit, value, range: { min, max }, onValue }: FigureProps): VNode {
  return (
    <label class="field">
      <span>{label}</span>
      <span class="with-unit">
        <input
          class="input number"
          type="number"
          inputMode="numeric"
          min={min}
          max={max}
          value={value ?? ''}
          onChange={(event) => {
            const given = event.currentTarget.valueAsNumber
            onValue(given >= min && given <= max ? given : undefined)
          }}
        />
        <span aria-hidden="true">{unit}</span>
      </span>
    </label>
  )
}

function Keys(): VNode {
  const [asked, setAsked] = useState<ActionId>()
  const { keys } = hudSettings.value
  useEffect(() => {
    if (asked === undefined) return undefined
    const onKey = (event: KeyboardEvent): void => {
      event.preventDefault()
      event.stopPropagation()
      setAsked(undefined)
      if (event.code === 'Escape' || event.code === '') return
      // A key does one thing: whoever had it goes back to the table's.
      const others = Object.fromEntries(
        Object.entries(hudSettings.peek().keys).filter(([, code]) => code !== event.code),
      )
      setHud({ keys: { ...others, [asked]: event.code } })
    }
    addEventListener('keydown', onKey, true)
    return () => removeEventListener('keydown', onKey, true)
  }, [asked])
  return (
    <fieldset class="stack">
      <legend>{words.keysTitle}</legend>
      <p class="small muted">{words.keysWhy}</p>
      <div class="key-list">
        {ACTION_IDS.map((id) => (
          <button key={id} class="button key" type="button" aria-pressed={asked === id} onClick={() => setAsked(id)}>
            <span>{words.actions[id]}</span>
            <kbd>{asked === id ? words.pressKey : shown(rideActions.keysOf(id))}</kbd>
          </button>
        ))}
      </div>
      {Object.keys(keys).length > 0 && (
        <button class="button" type="button" onClick={() => setHud({ keys: {} })}>
          {words.keysReset}
        </button>
      )}
    </fieldset>
  )
}

const shown = (keys: readonly string[]): string => keys.slice(0, 2).map(keyName).join(' ')
