import type { RoadWish } from '#bridges/core/control-loop'
import type { DeviceLink } from '#bridges/core/devices'
import type { Reading } from '#bridges/core/sample'

/** How a sensor stands, in words for its rider. */
export interface SensorState {
  readonly level: 'good' | 'working' | 'bad'
  readonly words: string
}

/** Where readings come from: a trainer over the air, or one made of a slider. */
export interface SensorSource {
  readonly kind: 'simulated' | 'bluetooth'
  readonly state: SensorState
  /** Readings as they come, stamped on the page's steady clock; and every change of state. */
  start(listener: SensorListener): void
  /** The road under the wheels and the air on it; a trainer that can makes it felt. Newest wins. */
  setRoad(road: RoadWish): void
  /** About ten times a second, also in a hidden tab. */
  tick(nowMs: number): void
  close(): void
}

export interface SensorListener {
  onReading(reading: Reading, atMs: number): void
  /** A link is up: its readings come by it, and what the legs write goes by it. */
  onDevice(device: DeviceLink): void
  onState(state: SensorState): void
}
