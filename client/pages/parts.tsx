import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** The name, with its hill, and where one can go. */
export function Masthead({ here }: { here: 'road' | 'mine' | 'organise' | 'event' | 'net' }): VNode {
  return (
    <header class="masthead">
      <a class="brand" href="/">
        <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden="true">
          <path d="M2 27C9 27 8 15 14 15s3 7 8 5 3-12 8-15v22z" fill="#ffb067" />
        </svg>
        Gruppetto
      </a>
      <nav aria-label="Pages">
        <a href="/" {...(here === 'road' ? { 'aria-current': 'page' as const } : {})}>
          Ride
        </a>
        <a href="/rides" {...(here === 'mine' ? { 'aria-current': 'page' as const } : {})}>
          My rides
        </a>
        <a href="/organise" {...(here === 'organise' ? { 'aria-current': 'page' as const } : {})}>
          Organise
        </a>
      </nav>
    </header>
  )
}

export function Notice({ level, children }: { level: 'info' | 'bad'; children: ComponentChildren }): VNode {
  return (
    <p class={level === 'bad' ? 'notice bad' : 'notice'} role={level === 'bad' ? 'alert' : 'status'}>
      {children}
    </p>
  )
}

export interface NumberFieldProps {
  readonly label: string
  readonly unit: string
  readonly name: string
  readonly value: number
  readonly min: number
  readonly max: number
  readonly step: number
  readonly onValue: (value: number) => void
}

export function NumberField({ label, unit, name, value, min, max, step, onValue }: NumberFieldProps): VNode {
  return (
    <label class="field">
      <span>{label}</span>
      <span class="with-unit">
        <input
          class="input number"
          type="number"
          inputMode="decimal"
          name={name}
          required
          min={min}
          max={max}
          step={step}
          value={value}
          onInput={(event) => onValue(event.currentTarget.valueAsNumber)}
        />
        <span aria-hidden="true">{unit}</span>
      </span>
    </label>
  )
}

/** Calls now and then every `everyMs` while the page is up. */
export function useEvery(everyMs: number, callback: () => void): void {
  const latest = useRef(callback)
  latest.current = callback
  useEffect(() => {
    latest.current()
    const timer = setInterval(() => latest.current(), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
}
