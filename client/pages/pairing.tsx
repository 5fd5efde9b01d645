import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import type { DeviceState, Level, Quantity } from '#bridges/core/devices'
import { PAIRING_WORDS as WORDS, QUANTITY_WORDS, TILE_WORDS } from '../input/legs-words.ts'
import { trainerWords } from '../words/trainer.ts'
import type { DevicesState, PageDevices } from '../input/page-devices.ts'
import { brings, type Trouble } from '../input/troubles.ts'
import { CalibrationCard, CalibrationIntro } from './calibration-card.tsx'
import { DeviceCard } from './device-card.tsx'
import { Mark, Stands } from './legs-parts.tsx'
import './legs.css'
import './pairing.css'
import { type Ask, TrainerControls, TrainerKeys, valueOf } from './trainer-controls.tsx'

export interface PairingProps {
  readonly devices: PageDevices
  /** What the button at the end does, and says: on to the ride, or back to it. */
  readonly on: { readonly words: string; readonly go: () => void; readonly needsWatts?: boolean }
  readonly onClose: () => void
}

/** Trainer and sensors over whatever page is there: live values, what is wrong, the trainer, every device. Loaded when asked for. */
export function Pairing({ devices, on, onClose }: PairingProps): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  const close = (): void => dialog.current?.close()
  const { step } = devices.state.value.calibration ?? { step: 'failed' }
  // Then there is one thing to do, and it is not this.
  const isCalibrating = step !== 'failed' && step !== 'succeeded'
  // Something gives watts, so the road will answer.
  const isRideable = devices.state.value.devices.some((one) => one.level === 'good' && brings(one, 'powerW'))
  return (
    <dialog
      class="card pairing"
      ref={dialog}
      aria-labelledby="pairing-title"
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key !== 't' || event.ctrlKey || event.metaKey || event.altKey) return
        event.stopPropagation()
        close()
      }}
    >
      <header class="pairing-head">
        <h2 id="pairing-title">{trainerWords.title}</h2>
        <button class="button close" type="button" onClick={close} aria-label={WORDS.close}>
          <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
          </svg>
        </button>
      </header>
      <Body devices={devices} />
      <footer class="pairing-foot" hidden={isCalibrating}>
        <Doors devices={devices} />
        {(isRideable || on.needsWatts !== true) && (
          <button
            class={isRideable ? 'button first' : 'button'}
            type="button"
            onClick={() => {
              close()
              on.go()
            }}
          >
            {on.words}
          </button>
        )}
      </footer>
    </dialog>
  )
}

/** Add one; and all of another day at once. */
function Doors({ devices }: { devices: PageDevices }): VNode {
  const { waiting, problem, devices: held } = devices.state.value
  const [said, setSaid] = useState('')
  async function add(): Promise<void> {
    setSaid(WORDS.adding)
    await devices.pair('any')
    setSaid('')
  }
  async function reconnect(): Promise<void> {
    const come = await devices.reconnect()
    setSaid(come.state === 'click' ? WORDS.nextClick(come.name, come.left) : '')
  }
  const isFirst = held.length === 0 && waiting.length === 0
  return (
    <>
      {said !== '' && (
        <p class="small muted said" role="status">
          {said}
        </p>
      )}
      {waiting.length > 0 && (
        <button class="button first" type="button" onClick={() => void reconnect()}>
          {WORDS.reconnect(waiting.length)}
        </button>
      )}
      <button
        class={isFirst ? 'button first' : 'button'}
        type="button"
        disabled={problem !== undefined}
        onClick={() => void add()}
      >
        {WORDS.add}
      </button>
    </>
  )
}

function Body({ devices }: { devices: PageDevices }): VNode {
  const body = useRef<HTMLDivElement>(null)
  const state = devices.state.value
  const [complaint, setComplaint] = useState('')
  const [calibrateId, setCalibrateId] = useState('')
  const ask: Ask = (command) => {
    const said = devices.ask(command)
    setComplaint(said ?? '')
    return said
  }
  const nameOf = (id: string): string => state.devices.find((device) => device.id === id)?.name ?? ''
  const { calibration, trainer } = state
  return (
    <div class="pairing-body" ref={body} role="region" aria-labelledby="pairing-title" tabIndex={0}>
      {calibration !== undefined ? (
        <CalibrationCard calibration={calibration} name={nameOf(calibration.deviceId)} ask={ask} />
      ) : (
        nameOf(calibrateId) !== '' && (
          <CalibrationIntro
            name={nameOf(calibrateId)}
            onLater={() => setCalibrateId('')}
            onBegin={() => {
              ask({ ask: 'calibrate', deviceId: calibrateId })
              setCalibrateId('')
            }}
          />
        )
      )}
      <section class="tiles" aria-label={WORDS.numbers}>
        <NumberTile quantity="powerW" state={state} />
        <NumberTile quantity="cadenceRpm" state={state} />
        <NumberTile quantity="heartRateBpm" state={state} />
        <ResistanceTile state={state} />
      </section>
      <Troubles state={state} complaint={complaint} />
      <div class="pairing-parts">
        {state.devices.length > 0 && (
          <section class="stack" aria-labelledby="devices-title">
            <h3 id="devices-title">{WORDS.devices}</h3>
            <ul class="devices">
              {state.devices.map((device) => (
                <DeviceCard
                  key={device.id}
                  device={device}
                  legs={state}
                  ask={ask}
                  onCalibrate={() => {
                    setCalibrateId(device.id)
                    body.current?.scrollTo(0, 0)
                  }}
                />
              ))}
            </ul>
          </section>
        )}
        {trainer !== undefined && (
          <section class="stack" aria-labelledby="trainer-title">
            <h3 id="trainer-title">{trainerWords.control.trainer}</h3>
            <TrainerControls trainer={trainer} ask={ask} />
            <TrainerKeys />
          </section>
        )}
      </div>
    </div>
  )
}

/** One number in big: who gives it, and how that one stands. */
function NumberTile({ quantity, state }: { quantity: Quantity; state: DevicesState }): VNode {
  const { name, unit } = QUANTITY_WORDS[quantity]
  const source = state.sources.find((one) => one.quantity === quantity)
  const giving = state.devices.find(({ id }) => id === source?.deviceId)
  const could = giving ?? state.devices.find((device) => brings(device, quantity))
  const value = giving?.[quantity]
  return (
    <Tile
      name={name}
      value={value === undefined ? '' : `${Math.round(value)}`}
      unit={unit}
      level={value === undefined ? waitingLevel(could) : 'good'}
      from={could}
    />
  )
}

const waitingLevel = (device: DeviceState | undefined): Level | 'none' =>
  device === undefined ? 'none' : device.level === 'bad' ? 'bad' : 'working'

/** What the legs push against. */
function ResistanceTile({ state: { trainer, devices } }: { state: DevicesState }): VNode {
  const device = devices.find(({ isTrainer }) => isTrainer)
  if (trainer === undefined || device === undefined)
    return <Tile name={WORDS.resistance} value="" unit="" level={waitingLevel(device)} from={device} />
  const isReady = trainer.control === 'held' && trainer.mode === 'sim' && trainer.gradeFraction === undefined
  const [value = '', unit = ''] = valueOf(trainer).split(' ')
  return (
    <Tile
      name={WORDS.resistance}
      value={value}
      unit={unit}
      level={isReady ? 'good' : trainer.level}
      words={isReady ? WORDS.ready : trainer.words}
      from={device}
    />
  )
}

interface TileProps {
  readonly name: string
  readonly value: string
  readonly unit: string
  readonly level: Level | 'none'
  readonly words?: string
  readonly from: DeviceState | undefined
}

function Tile({ name, value, unit, level, words = TILE_WORDS[level], from }: TileProps): VNode {
  return (
    <div class="tile" data-level={level}>
      <h3>{name}</h3>
      <p class="tile-value">
        {value === '' ? <i>–</i> : <b class="number">{value}</b>} <span>{unit}</span>
      </p>
      <Stands level={level}>{words}</Stands>
      <p class="tile-from muted small">{from?.name ?? ''}</p>
    </div>
  )
}

/** What is wrong, in words; calm where nothing is. */
function Troubles({ state, complaint }: { state: DevicesState; complaint: string }): VNode {
  const { troubles, devices, waiting } = state
  const isEmpty = devices.length === 0 && waiting.length === 0
  const isBad = complaint !== '' || troubles.some(({ level }) => level === 'bad')
  const isFine = troubles.length === 0 && complaint === ''
  return (
    <section class="troubles" aria-label={WORDS.wrong} aria-live="polite">
      {isFine && !isEmpty && <Stands level="good">{WORDS.fine}</Stands>}
      {isFine && isEmpty && <p class="empty">{WORDS.empty}</p>}
      {!isFine && <h3>{isBad ? WORDS.wrong : WORDS.worthKnowing}</h3>}
      {complaint !== '' && <One trouble={{ level: 'bad', words: complaint, remedy: '' }} />}
      {troubles.map((trouble) => (
        <One key={`${trouble.id} ${trouble.deviceId ?? ''}`} trouble={trouble} />
      ))}
    </section>
  )
}

function One({ trouble }: { trouble: Pick<Trouble, 'level' | 'words' | 'remedy'> }): VNode {
  const { level, words, remedy } = trouble
  return (
    <div class="trouble" data-level={level}>
      <Mark level={level} />
      <p>
        <b>{words}</b> {remedy}
      </p>
    </div>
  )
}
