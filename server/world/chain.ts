import { sha256Hex } from '#maps/sha256'

/** Each link is SHA-256 over the link before it and the next `every` lines: the last one names the whole journal. */
export interface Chain {
  readonly every: number
  readonly links: readonly string[]
}

/** Lines per link: a link is not longer than what it stands for, and still says where. */
const LINES_PER_LINK = 64

export function chainOf(lines: readonly string[], every = LINES_PER_LINK): Chain {
  const links: string[] = []
  let link = ''
  for (let at = 0; at < lines.length; at += every) {
    link = sha256Hex(unitsOf(`${link}\n${lines.slice(at, at + every).join('\n')}`))
    links.push(link)
  }
  return { every, links }
}

/** One sentence about the first link that does not fit. */
export function differenceInChain(lines: readonly string[], chain: Chain): string | undefined {
  const { links, every } = chainOf(lines, chain.every)
  for (let i = 0; i < Math.max(links.length, chain.links.length); i++) {
    if (links[i] === chain.links[i]) continue
    const from = i * every + 1
    return `The chain of the journal breaks in lines ${from} to ${from + every - 1}: they were changed, or are missing.`
  }
  return undefined
}

/** UTF-16 units, two bytes each: this room has no TextEncoder, and a hash needs one way to write only. */
function unitsOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length * 2)
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    bytes[2 * i] = unit & 0xff
    bytes[2 * i + 1] = unit >>> 8
  }
  return bytes
}
