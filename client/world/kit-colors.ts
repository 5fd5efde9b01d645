/**
 * Colours to choose a kit from: few, and so that any two neighbours in the list stay apart for everybody, and each
 * stands out from road and grass. docs/client.md has the contrasts; kit-colors.test.ts measures them.
 */
export const KIT_COLORS = [
  { name: 'ivory', color: 0xf4f1e6 },
  { name: 'crimson', color: 0xc4142f },
  { name: 'sky', color: 0x7cc8f2 },
  { name: 'navy', color: 0x14285c },
  { name: 'amber', color: 0xf7b51c },
  { name: 'violet', color: 0x6a2c9e },
  { name: 'mint', color: 0x9fe3c2 },
  { name: 'black', color: 0x111317 },
  { name: 'coral', color: 0xff8b6a },
  { name: 'royal', color: 0x1f4bc4 },
  { name: 'lemon', color: 0xf6ef6b },
  { name: 'brown', color: 0x5a2a00 },
  { name: 'pink', color: 0xf7a6c8 },
  { name: 'petrol', color: 0x0a4a6a },
] as const

/** Skin from the palest to the darkest, warm and cool. */
export const SKIN_TONES = [
  0xf6d8c3, 0xeec3a2, 0xe2b08a, 0xd39a70, 0xc3875c, 0xa97048, 0x8d5a3a, 0x73452b, 0x5a3522, 0x42261a, 0x2f1b14,
] as const
