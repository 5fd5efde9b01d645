/** Base64 (RFC 4648 §4) without Node or DOM, for columns inside JSON lines. */
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
const VALUE = new Int16Array(128).fill(-1)
const CODE = new Uint8Array(64)
const PADDING = 0x3d
for (let i = 0; i < 64; i++) {
  CODE[i] = ALPHABET.charCodeAt(i)
  VALUE[CODE[i]!] = i
}

/** Characters per call of fromCharCode: well below every engine's limit of arguments. */
const CHUNK = 8192

export function toBase64(bytes: Uint8Array): string {
  const codes = new Uint8Array(Math.ceil(bytes.length / 3) * 4)
  let at = 0
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i
    const word = (bytes[i]! << 16) | ((left > 1 ? bytes[i + 1]! : 0) << 8) | (left > 2 ? bytes[i + 2]! : 0)
    codes[at++] = CODE[word >>> 18]!
    codes[at++] = CODE[(word >>> 12) & 63]!
    codes[at++] = left > 1 ? CODE[(word >>> 6) & 63]! : PADDING
    codes[at++] = left > 2 ? CODE[word & 63]! : PADDING
  }
  let text = ''
  for (let i = 0; i < codes.length; i += CHUNK) text += String.fromCharCode(...codes.subarray(i, i + CHUNK))
  return text
}

/** Undefined for anything that `toBase64` would not have written. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0) return undefined
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0
  const bytes = new Uint8Array((text.length / 4) * 3 - padding)
  let at = 0
  for (let i = 0; i < text.length; i += 4) {
    let word = 0
    const isLast = i + 4 === text.length
    for (let k = 0; k < 4; k++) {
      const isPadding = isLast && k >= 4 - padding
      const code = text.charCodeAt(i + k)
      const value = isPadding ? 0 : code < 128 ? VALUE[code]! : -1
      if (value < 0) return undefined
      word = (word << 6) | value
    }
    if (isLast && padding > 0 && (word & (padding === 2 ? 0xffff : 0xff)) !== 0) return undefined // Hidden bits.
    for (let shift = 16; shift >= 0 && at < bytes.length; shift -= 8) bytes[at++] = (word >>> shift) & 0xff
  }
  return bytes
}
