export const en = {
  sound: 'Sound',
  volume: 'Volume',
  mute: 'Sound off',
  unmute: 'Sound on',
}
