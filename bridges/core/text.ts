/**
 * UTF-8 by the language's own means: neither a browser's nor Node's decoder exists in this room. Both sides are short texts
 * of devices, seldom sent.
 */
export function textFrom(bytes: Uint8Array): string | undefined {
  let escaped = ''
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`
  try {
    return decodeURIComponent(escaped)
  } catch {
    // Not UTF-8: the one way in which it fails.
    return undefined
  }
}

export function bytesOf(text: string): Uint8Array {
  const bytes: number[] = []
  const escaped = encodeURIComponent(text.toWellFormed())
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      bytes.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16))
      i += 2
    } else bytes.push(escaped.codePointAt(i)!)
  }
  return Uint8Array.from(bytes)
}

/**
 * Words of a device, a server or a file, as one line for a person's eyes: what moves a terminal's cursor, writes its title or
 * its clipboard (ESC and its kin, C1 included), ends a line or turns the writing round is a blank. [B145]
 */
export const plainText = (text: string): string =>
  text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim()
