import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import { feetOf, kgOfPounds, metresOfFeet, poundsOf, units } from '../../words/units.ts'
import { HEART_FROM, ZONE_FROM_PERCENT } from '../../world/legs-left.ts'
import { HEIGHT_M, MASS_KG, readProfile, writeProfile } from '../memory.ts'
import { FTP_W, MAX_BPM, readFitness, writeFitness } from '../own-memory.ts'
import { Notice } from '../parts.tsx'
import { MineFrame } from './frame.tsx'
import { mine, type Profile } from './mine-api.ts'
import { numberText } from './ride-text.ts'
import { keepUnits, type OwnUnits, readUnits, unitsOf } from './own-units.ts'
import { useWho } from './use-who.ts'

interface Form {
  readonly name: string
  readonly massKg: number
  readonly heightM: number
  readonly ftpW: number | null
  readonly maxHeartRateBpm: number | null
  readonly units: OwnUnits
  readonly isSeenByFriends: boolean
  readonly areRidesPublic: boolean
}

/** Who one is on the road: kept in this browser, and by the account where there is one. */
export function ProfilePage(): VNode {
  const [who] = useWho()
  const [form, setForm] = useState<Form>(fromBrowser)
  const [said, setSaid] = useState<{ level: 'info' | 'bad'; text: string }>()
  const account = who?.account
  useEffect(() => {
    // What this browser shows numbers in holds here, until the account has a wish of its own.
    if (account) setForm({ name: account.name, ...account.profile, units: account.profile.units ?? readUnits() })
  }, [account])
  const set = (part: Partial<Form>): void => {
    setForm({ ...form, ...part })
    setSaid(undefined)
  }
  async function save(): Promise<void> {
    const { name, ...profile } = form
    if (!isWithin(profile)) return setSaid({ level: 'bad', text: words.noPassing })
    const isOther = readUnits() !== form.units
    writeProfile({ name: name.trim(), massKg: form.massKg, heightM: form.heightM })
    writeFitness({ ftpW: form.ftpW, maxHeartRateBpm: form.maxHeartRateBpm })
    keepUnits(form.units)
    if (account) {
      const answer = await mine.save({ ...(name.trim() === '' ? {} : { name: name.trim() }), profile })
      if (!answer.ok) return setSaid({ level: 'bad', text: answer.message })
    }
    if (isOther) return location.reload()
    setSaid({ level: 'info', text: words.saved })
  }
  const isPounds = units().body === 'imperial'
  const { feet, inches } = feetOf(form.heightM)
  return (
    <MineFrame here="/profile" title={words.profile} lead={words.profileLead}>
      <form
        class="profile"
        onSubmit={(event) => {
          event.preventDefault()
          void save()
        }}
      >
        <div class="card stack">
          <label class="field">
            <span>{words.name}</span>
            <input
              class="input"
              maxLength={24}
              autocomplete="nickname"
              value={form.name}
              onInput={(event) => set({ name: event.currentTarget.value })}
            />
          </label>
          <Measure
            label={words.weight}
            why={words.weightWhy}
            unit={isPounds ? 'lb' : 'kg'}
            step={isPounds ? 1 : 0.5}
            value={isPounds ? Math.round(poundsOf(form.massKg)) : form.massKg}
            onValue={(value) => value !== null && set({ massKg: isPounds ? kgOfPounds(value) : value })}
          />
          {isPounds ? (
            <div class="pair">
              <Measure
                label={words.tall}
                why={words.tallWhy}
                unit="ft"
                step={1}
                value={feet}
                onValue={(value) => value !== null && set({ heightM: metresOfFeet(value, inches) })}
              />
              <Measure
                label={words.inches}
                why=""
                unit="in"
                step={1}
                value={inches}
                onValue={(value) => value !== null && set({ heightM: metresOfFeet(feet, value) })}
              />
            </div>
          ) : (
            <Measure
              label={words.tall}
              why={words.tallWhy}
              unit="cm"
              step={1}
              value={Math.round(form.heightM * 100)}
              onValue={(value) => value !== null && set({ heightM: value / 100 })}
            />
          )}
          <Measure
            label={words.ftp}
            why={words.ftpWhy}
            unit="W"
            step={1}
            value={form.ftpW}
            onValue={(ftpW) => set({ ftpW })}
          />
          <Measure
            label={words.maxHeartRate}
            why={words.maxHeartRateWhy}
            unit={words.bpm}
            step={1}
            value={form.maxHeartRateBpm}
            onValue={(maxHeartRateBpm) => set({ maxHeartRateBpm })}
          />
        </div>
        <div class="stack">
          <Zones ftpW={form.ftpW} maxBpm={form.maxHeartRateBpm} />
          <label class="field card">
            <span>{words.units}</span>
            <select
              class="input"
              value={form.units ?? ''}
              onChange={(event) => set({ units: unitsOf(event.currentTarget.value) })}
            >
              <option value="">{words.unitsAuto}</option>
              <option value="metric">{words.metric}</option>
              <option value="imperial">{words.imperial}</option>
            </select>
          </label>
          {account && (
            <fieldset class="card stack privacy">
              <legend>{words.privacy}</legend>
              <label class="tick">
                <input
                  type="checkbox"
                  checked={form.isSeenByFriends}
                  onChange={(event) => set({ isSeenByFriends: event.currentTarget.checked })}
                />
                <span>{words.seenByFriends}</span>
              </label>
              <label class="tick">
                <input
                  type="checkbox"
                  checked={form.areRidesPublic}
                  onChange={(event) => set({ areRidesPublic: event.currentTarget.checked })}
                />
                <span>
                  {words.ridesPublic} <span class="small muted">{words.shareWhy}</span>
                </span>
              </label>
            </fieldset>
          )}
          <button class="button first wide" type="submit">
            {words.save}
          </button>
          {said !== undefined && <Notice level={said.level}>{said.text}</Notice>}
          {who !== undefined && !account && <p class="small muted">{words.onlyHere}</p>}
        </div>
      </form>
    </MineFrame>
  )
}

function Measure(props: {
  label: string
  why: string
  unit: string
  step: number
  value: number | null
  onValue: (value: number | null) => void
}): VNode {
  return (
    <label class="field">
      <span>{props.label}</span>
      <span class="with-unit">
        <input
          class="input number"
          type="number"
          inputMode="decimal"
          step={props.step}
          value={props.value ?? ''}
          onInput={(event) => {
            const value = event.currentTarget.valueAsNumber
            props.onValue(Number.isFinite(value) ? value : null)
          }}
        />
        <span aria-hidden="true">{props.unit}</span>
      </span>
      {props.why !== '' && <span class="small muted">{props.why}</span>}
    </label>
  )
}

/** Shares of the hour's power, and of the highest pulse, at which zones begin. docs/rides.md */
const POWER_ZONES = ZONE_FROM_PERCENT.map((percent) => percent / 100)
const HEART_ZONES: readonly number[] = [0, ...HEART_FROM]

function Zones({ ftpW, maxBpm }: { ftpW: number | null; maxBpm: number | null }): VNode | null {
  if (ftpW === null && maxBpm === null) return null
  return (
    <section class="card" aria-label={words.zones}>
      <h2>{words.zones}</h2>
      <table>
        <thead>
          <tr>
            <th scope="col">{words.zone}</th>
            {ftpW !== null && (
              <th scope="col" class="number">
                {words.from} W
              </th>
            )}
            {maxBpm !== null && (
              <th scope="col" class="number">
                {words.from} {words.bpm}
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {POWER_ZONES.slice(0, ftpW === null ? HEART_ZONES.length : POWER_ZONES.length).map((share, i) => (
            <tr key={share}>
              <th scope="row" class="zone-name">
                <span class={`zone-dot zone-${i + 1}`}>{i + 1}</span> {words.zoneNames[i]}
              </th>
              {ftpW !== null && <td class="number">{numberText(share * ftpW, 0)}</td>}
              {maxBpm !== null && (
                <td class="number">{HEART_ZONES[i] === undefined ? '–' : numberText(HEART_ZONES[i] * maxBpm, 0)}</td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function fromBrowser(): Form {
  return { ...readProfile(), ...readFitness(), units: readUnits(), isSeenByFriends: true, areRidesPublic: false }
}

function isWithin({ massKg, heightM, ftpW, maxHeartRateBpm }: Profile): boolean {
  const is = (value: number, { min, max }: { min: number; max: number }): boolean => value >= min && value <= max
  return (
    is(massKg, MASS_KG) &&
    is(heightM, HEIGHT_M) &&
    (ftpW === null || (Number.isInteger(ftpW) && is(ftpW, FTP_W))) &&
    (maxHeartRateBpm === null || (Number.isInteger(maxHeartRateBpm) && is(maxHeartRateBpm, MAX_BPM)))
  )
}
