import type { en } from './sound.en.ts'

export const de: typeof en = {
  sound: 'Ton',
  volume: 'Lautstärke',
  mute: 'Ton aus',
  unmute: 'Ton an',
}
