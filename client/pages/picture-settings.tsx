import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { readChoice, SHARES, writeChoice, type PictureChoice } from '../picture-choice.ts'
import { pictureWords as words } from '../words/picture.ts'
import { TIERS } from '../world/frame-pace.ts'

/** How fine the picture is: by itself, as is best for nearly everybody, or as the rider says. */
export function PictureSettings(): VNode {
  const [choice, setChoice] = useState(readChoice)
  const choose = (change: Partial<PictureChoice>): void => {
    const next = { ...choice, ...change }
    setChoice(next)
    writeChoice(next)
  }
  return (
    <fieldset class="stack">
      <legend>{words.title}</legend>
      <label class="field">
        <span>{words.detail}</span>
        <select
          class="input"
          value={choice.tier ?? ''}
          onChange={({ currentTarget: { value } }) => choose({ tier: TIERS.find((tier) => tier === value) })}
        >
          <option value="">{words.byItself}</option>
          {TIERS.map((tier) => (
            <option key={tier} value={tier}>
              {words.tiers[tier]}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words.resolution}</span>
        <select
          class="input"
          value={choice.share ?? ''}
          onChange={({ currentTarget: { value } }) => choose({ share: value === '' ? undefined : Number(value) })}
        >
          <option value="">{words.byItself}</option>
          {SHARES.map((share) => (
            <option key={share} value={share}>
              {words.percent(100 * share)}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  )
}
