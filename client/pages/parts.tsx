import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { install, isInstallable, onInstallable } from '../shell/register.ts'
import { LANGUAGE_KEY, language, LANGUAGES } from '../words/language.ts'
import { METRIC, units, UNITS_KEY } from '../words/units.ts'
import { wayWords as words } from '../words/way.ts'

export type Here =
  | 'road'
  | 'mine'
  | 'watch'
  | 'roads'
  | 'meet'
  | 'organise'
  | 'event'
  | 'net'
  | 'bench'
  | 'about'
  | 'nowhere'

const NAV: readonly (readonly [Here, string, string])[] = [
  ['road', '/', words.navRide],
  ['mine', '/rides', words.navMine],
  ['roads', '/roads', words.navRoads],
  ['meet', '/meet', words.navMeet],
  ['watch', '/watch', words.navWatch],
]

/** The name, with its hill: the way home. */
export function Brand(): VNode {
  return (
    <a class="brand" href="/">
      <svg width="30" height="30" viewBox="0 0 32 32" aria-hidden="true">
        <path d="M2 27C9 27 8 15 14 15s3 7 8 5 3-12 8-15v22z" fill="#ffb067" />
      </svg>
      Gruppetto
    </a>
  )
}

/** The name, and where one can go. */
export function Masthead({ here }: { here: Here }): VNode {
  return (
    <header class="masthead">
      <Brand />
      <nav aria-label={words.pages}>
        {NAV.map(([page, href, name]) => (
          <a key={page} href={href} {...(here === page ? { 'aria-current': 'page' as const } : {})}>
            {name}
          </a>
        ))}
      </nav>
    </header>
  )
}

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' } as const

/** What holds on every page: the language, the units, and the pages one seldom needs. */
export function Footer(): VNode {
  const now = units()
  const [canInstall, setCanInstall] = useState(isInstallable)
  useEffect(() => onInstallable(() => setCanInstall(isInstallable())), [])
  return (
    <footer class="site-foot">
      <div class="foot-set" role="group" aria-label={words.language}>
        {LANGUAGES.map((name) => (
          <button
            key={name}
            type="button"
            lang={name}
            aria-pressed={name === language()}
            onClick={() => keep(LANGUAGE_KEY, name)}
          >
            {LANGUAGE_NAMES[name]}
          </button>
        ))}
      </div>
      <div class="foot-set" role="group" aria-label={words.unitsLabel}>
        <button type="button" aria-pressed={now === METRIC} onClick={() => keep(UNITS_KEY, 'metric')}>
          {words.metric}
        </button>
        <button type="button" aria-pressed={now.body === 'imperial'} onClick={() => keep(UNITS_KEY, 'imperial')}>
          {words.imperial}
        </button>
      </div>
      {canInstall && (
        <button class="button plain" type="button" onClick={() => void install()}>
          {words.install}
        </button>
      )}
      <nav aria-label={words.navAbout}>
        <a href="/about">{words.navAbout}</a>
        <a href="/organise">{words.navOrganise}</a>
        <a href="/net">{words.navNet}</a>
      </nav>
    </footer>
  )
}

/** Kept, and the page loaded anew in it. */
function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch {
    // Storage switched off: the page stays as it is.
  }
  location.reload()
}

/** The frame of every page but the ride and the first one. */
export function Page({ here, children }: { here: Here; children: ComponentChildren }): VNode {
  return (
    <div class="page">
      <Masthead here={here} />
      <main class="stack">{children}</main>
      <Footer />
    </div>
  )
}

export function Notice({ level, children }: { level: 'info' | 'bad'; children: ComponentChildren }): VNode {
  return (
    <p class={level === 'bad' ? 'notice bad' : 'notice'} role={level === 'bad' ? 'alert' : 'status'}>
      {children}
    </p>
  )
}

/** One of a few: a row of buttons that say which holds. */
export function Choice<T extends string>(props: {
  label: string
  /** A heading says it already. */
  isNamed?: boolean
  options: readonly (readonly [value: T, words: string])[]
  value: T
  onValue: (value: T) => void
}): VNode {
  return (
    <div class="choice" role="group" aria-label={props.label}>
      {props.isNamed !== true && (
        <span class="choice-label" aria-hidden="true">
          {props.label}
        </span>
      )}
      <span class="choice-set">
        {props.options.map(([value, text]) => (
          <button key={value} type="button" aria-pressed={value === props.value} onClick={() => props.onValue(value)}>
            {text}
          </button>
        ))}
      </span>
    </div>
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
          onInput={({ currentTarget: { valueAsNumber } }) => Number.isFinite(valueAsNumber) && onValue(valueAsNumber)}
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
