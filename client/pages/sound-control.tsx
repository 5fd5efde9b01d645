import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import type { Sound } from '../audio/sound.ts'
import { soundWords } from '../words/sound.ts'

/** On, off and how loud; kept for the next ride. */
export function SoundControl({ sound }: { sound: Sound }): VNode {
  const [setting, setSetting] = useState(sound.setting)
  const change = (part: Partial<typeof setting>): void => {
    sound.change({ ...setting, ...part })
    setSetting(sound.setting)
  }
  const { isMuted, volume } = setting
  return (
    <div class="field">
      <label for="volume">{soundWords.volume}</label>
      <div class="say">
        <input
          id="volume"
          type="range"
          min={0}
          max={100}
          step={5}
          value={Math.round(volume * 100)}
          disabled={isMuted}
          style={{ flex: 1, minWidth: 0 }}
          onInput={(event) => change({ volume: Number(event.currentTarget.value) / 100 })}
        />
        <button class="button" type="button" aria-pressed={isMuted} onClick={() => change({ isMuted: !isMuted })}>
          {isMuted ? soundWords.unmute : soundWords.mute}
        </button>
      </div>
    </div>
  )
}
