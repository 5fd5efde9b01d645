import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { DeviceState, LegsState, Quantity } from '#bridges/core/devices'
import { CARRIER_WORDS, PAIRING_WORDS as WORDS, QUANTITY_WORDS } from '../input/legs-words.ts'
import { brings } from '../input/troubles.ts'
import { Stands } from './legs-parts.tsx'
import type { Ask } from './trainer-controls.tsx'

const QUANTITIES: readonly Quantity[] = ['powerW', 'cadenceRpm', 'heartRateBpm']
const REALLY_MS = 4000

/** One device: how it stands, what it says, what of that is used, and what one can do with it. */
export function DeviceCard(props: { device: DeviceState; legs: LegsState; ask: Ask; onCalibrate: () => void }): VNode {
  const { device, legs, ask, onCalibrate } = props
  const { id, name, carrier, batteryPercent, level, words } = device
  const battery = batteryPercent === undefined ? '' : ` · ${WORDS.battery(batteryPercent)}`
  return (
    <li class="device" data-level={level}>
      <div class="device-head">
        <h4>{name}</h4>
        <p class="muted small number">
          {CARRIER_WORDS[carrier]}
          {battery}
        </p>
      </div>
      <Stands level={level}>{words}</Stands>
      {QUANTITIES.filter((quantity) => brings(device, quantity)).map((quantity) => (
        <Given key={quantity} device={device} quantity={quantity} legs={legs} ask={ask} />
      ))}
      <div class="row">
        {device.canCalibrate && (
          <button class="button" type="button" aria-label={`${WORDS.calibrate} ${name}`} onClick={onCalibrate}>
            {WORDS.calibrate}
          </button>
        )}
        {carrier !== 'simulated' && <Forget name={name} onForget={() => ask({ ask: 'forget', deviceId: id })} />}
      </div>
    </li>
  )
}

/** One quantity of a device: its value, and whether it is the one that counts. */
function Given(props: { device: DeviceState; quantity: Quantity; legs: LegsState; ask: Ask }): VNode {
  const { device, quantity, legs, ask } = props
  const { name, unit } = QUANTITY_WORDS[quantity]
  const source = legs.sources.find((one) => one.quantity === quantity)
  const isChosen = source?.chosenId === device.id
  const hasOthers = legs.devices.some((other) => other.id !== device.id && brings(other, quantity))
  const value = device[quantity]
  const isUsed = value !== undefined && source?.deviceId === device.id
  const used = isUsed ? (isChosen ? WORDS.usedChosen : WORDS.used) : isChosen ? WORDS.chosenAway : WORDS.notUsed
  return (
    <div class="given">
      <p>
        <span>{name}</span>
        <b class="number">{value === undefined ? '–' : `${Math.round(value)} ${unit}`}</b>
        <span class={isUsed ? 'small is-used' : 'small muted'}>{used}</span>
      </p>
      {isChosen ? (
        <button
          class="button"
          type="button"
          aria-label={`${name}: ${WORDS.letBest}`}
          onClick={() => ask({ ask: 'source', quantity })}
        >
          {WORDS.letBest}
        </button>
      ) : (
        hasOthers &&
        value !== undefined &&
        (!isUsed || source?.chosenId !== undefined) && (
          <button
            class="button"
            type="button"
            aria-label={`${name}: ${WORDS.useThis}, ${device.name}`}
            onClick={() => ask({ ask: 'source', quantity, deviceId: device.id })}
          >
            {WORDS.useThis}
          </button>
        )
      )}
    </div>
  )
}

/** A finger that slips in the middle of a ride must not cost the trainer: the second press counts. */
function Forget({ name, onForget }: { name: string; onForget: () => void }): VNode {
  const [isSure, setSure] = useState(false)
  useEffect(() => {
    if (!isSure) return undefined
    const timer = setTimeout(() => setSure(false), REALLY_MS)
    return () => clearTimeout(timer)
  }, [isSure])
  const words = isSure ? WORDS.forgetReally : WORDS.forget
  return (
    <button
      class={isSure ? 'button sure' : 'button'}
      type="button"
      aria-label={`${words} ${name}`}
      onClick={() => (isSure ? onForget() : setSure(true))}
    >
      {words}
    </button>
  )
}
