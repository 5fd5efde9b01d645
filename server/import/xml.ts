import { decoded, refused, type Decoded } from '#protocol/decoded'

/** The hostile-file door for XML: one pass, nothing kept, no DOCTYPE, no entities but XML's own, and every refusal says where. */
export const XML_BYTES_MAX = 32 * 1024 * 1024
const DEPTH_MAX = 64

/** What a reader of one format does at each element. An answer is a complaint: it ends the reading. */
export interface XmlVisitor {
  /** `tag` is without its prefix; `depth` of the root is 0. */
  open(tag: string, depth: number, element: XmlElement): string | undefined
  /** `text` is what stands directly inside, trimmed, undecoded. */
  close(tag: string, depth: number, text: string): string | undefined
}

export interface XmlElement {
  /** Where it begins in the document. */
  readonly index: number
  attribute(name: string): string | undefined
}

/** Bytes of an XML file as text, or one sentence without the file's name. */
export function xmlText(bytes: Uint8Array): Decoded<string, string> {
  if (bytes.length === 0) return refused('the file is empty')
  if (bytes.length > XML_BYTES_MAX)
    return refused(`byte ${XML_BYTES_MAX}: the file goes on; files of up to ${XML_BYTES_MAX / 1024 / 1024} MB are read`)
  const text = textOf(bytes)
  const begin = text.search(/\S/)
  if (begin < 0) return refused('nothing but blanks')
  if (text[begin] !== '<') return refused(`byte ${begin}: ${kindOf(bytes)}`)
  return decoded(text)
}

/** `line 17` for an index into the text. */
export function placeIn(text: string, index: number): string {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++
  return `line ${line}`
}

/** Walks the elements in order; undefined when the document was well-formed and the visitor content, else one sentence. */
export function scanXml(text: string, visitor: XmlVisitor): string | undefined {
  const scan = new Scan(text, visitor)
  const complaint = scan.run()
  return complaint === undefined ? undefined : `${placeIn(text, scan.at)}: ${complaint}`
}

const SLASH = 47
const BANG = 33
const QUESTION = 63
const NAME = /[A-Za-z_:\u00c0-\uffff][-A-Za-z0-9_:.\u00b7-\uffff]*/y
/** One attribute with the blanks before it. */
const ATTRIBUTE = /\s+([A-Za-z_:\u00c0-\uffff][-A-Za-z0-9_:.\u00b7-\uffff]*)\s*=\s*("[^"<]*"|'[^'<]*')/y
const TAG_END = /\s*(\/?)>/y
const ENTITY = /&([A-Za-z_][-A-Za-z0-9_.]*);/y
const OWN_ENTITIES = new Set(['lt', 'gt', 'amp', 'quot', 'apos'])

class Scan {
  /** Where the scan stands, or what a complaint is about. */
  at = 0
  readonly #text: string
  readonly #visitor: XmlVisitor
  readonly #open: string[] = []
  /** Text of the element that is open, from where, and what CDATA and comments cut off before. */
  #textFrom = 0
  #textBefore = ''
  #entityAt: number
  #hasRoot = false

  constructor(text: string, visitor: XmlVisitor) {
    this.#text = text
    this.#visitor = visitor
    this.#entityAt = text.indexOf('&')
  }

  run(): string | undefined {
    const text = this.#text
    for (;;) {
      const less = text.indexOf('<', this.at)
      const end = less < 0 ? text.length : less
      const wrong = this.#textUntil(end)
      if (wrong !== undefined) return wrong
      if (less < 0) break
      this.at = less
      const next = text.charCodeAt(less + 1)
      const complaint =
        next === SLASH ? this.#close() : next === BANG || next === QUESTION ? this.#passOver(next) : this.#openTag()
      if (complaint !== undefined) return complaint
    }
    this.at = text.length
    const last = this.#open.at(-1)
    if (last !== undefined) return `not well-formed XML: the file ends inside <${short(last)}>`
    return this.#hasRoot ? undefined : 'no element in it'
  }

  /** Text up to `end`: nothing but blanks outside the root, and no entity that a DOCTYPE would have to explain. */
  #textUntil(end: number): string | undefined {
    const text = this.#text
    if (this.#open.length === 0) {
      for (let i = this.at; i < end; i++) {
        const code = text.charCodeAt(i)
        if (code === 32 || (code >= 9 && code <= 13) || code === 0xfeff) continue
        this.at = i
        return `not well-formed XML: text ${this.#hasRoot ? 'after' : 'before'} the root element`
      }
    }
    return this.#entitiesUntil(this.at, end)
  }

  #entitiesUntil(from: number, end: number): string | undefined {
    while (this.#entityAt >= 0 && this.#entityAt < from) this.#entityAt = this.#text.indexOf('&', from)
    while (this.#entityAt >= 0 && this.#entityAt < end) {
      ENTITY.lastIndex = this.#entityAt
      const name = ENTITY.exec(this.#text)?.[1]
      if (name !== undefined && !OWN_ENTITIES.has(name)) {
        this.at = this.#entityAt
        return `the entity "&${short(name)};" is not one of XML's own; files that need others are not read`
      }
      this.#entityAt = this.#text.indexOf('&', this.#entityAt + 1)
    }
    return undefined
  }

  /** Comment, CDATA, processing instruction. */
  #passOver(kind: number): string | undefined {
    const text = this.#text
    const from = this.at
    const [opening, closing, what] =
      kind === QUESTION
        ? ['<?', '?>', 'an instruction']
        : text.startsWith('<!--', from)
          ? ['<!--', '-->', 'a comment']
          : ['<![CDATA[', ']]>', 'a CDATA section']
    if (!text.startsWith(opening, from))
      return /^<!DOCTYPE/i.test(text.slice(from, from + 9))
        ? 'a DOCTYPE; files with one are not read'
        : 'not well-formed XML: "<!" that begins nothing known'
    const end = text.indexOf(closing, from + opening.length)
    if (end < 0) return `not well-formed XML: ${what} without end`
    if (this.#open.length > 0) {
      this.#textBefore += text.slice(this.#textFrom, from)
      if (what === 'a CDATA section') this.#textBefore += text.slice(from + opening.length, end)
    } else if (what === 'a CDATA section') return 'not well-formed XML: text outside the root element'
    this.at = end + closing.length
    this.#textFrom = this.at
    return undefined
  }

  #openTag(): string | undefined {
    const text = this.#text
    const index = this.at
    NAME.lastIndex = index + 1
    const name = NAME.exec(text)?.[0]
    if (name === undefined) return 'not well-formed XML: "<" without a name'
    if (this.#open.length === 0 && this.#hasRoot) return 'not well-formed XML: a second root element'
    if (this.#open.length >= DEPTH_MAX) return `elements more than ${DEPTH_MAX} deep`
    const from = index + 1 + name.length
    let to = from
    for (;;) {
      ATTRIBUTE.lastIndex = to
      if (!ATTRIBUTE.test(text)) break
      to = ATTRIBUTE.lastIndex
    }
    TAG_END.lastIndex = to
    const tagEnd = TAG_END.exec(text)
    if (tagEnd === null) return `not well-formed XML: <${short(name)}> is not a complete tag`
    const wrong = this.#entitiesUntil(from, to)
    if (wrong !== undefined) return wrong
    this.#hasRoot = true
    const tag = unprefixed(name)
    const depth = this.#open.length
    const complaint = this.#visitor.open(tag, depth, {
      index,
      attribute: (wanted) => attributeIn(text, from, to, wanted),
    })
    if (complaint !== undefined) return complaint
    this.at = TAG_END.lastIndex
    this.#textFrom = this.at
    this.#textBefore = ''
    if (tagEnd[1] === '/') return this.#visitor.close(tag, depth, '')
    this.#open.push(name)
    return undefined
  }

  #close(): string | undefined {
    const text = this.#text
    const name = this.#open.at(-1)
    if (name === undefined) return 'not well-formed XML: a closing tag where nothing is open'
    TAG_END.lastIndex = this.at + 2 + name.length
    const tagEnd = text.startsWith(name, this.at + 2) ? TAG_END.exec(text) : null
    if (tagEnd === null || tagEnd[1] === '/') return `not well-formed XML: </${short(name)}> is what should close here`
    this.#open.pop()
    const direct = this.#textBefore + text.slice(this.#textFrom, this.at)
    const complaint = this.#visitor.close(unprefixed(name), this.#open.length, direct.trim())
    if (complaint !== undefined) return complaint
    this.at = TAG_END.lastIndex
    // What stands after a child is no text that anybody here asks for.
    this.#textFrom = this.at
    this.#textBefore = ''
    return undefined
  }
}

function attributeIn(text: string, from: number, to: number, wanted: string): string | undefined {
  ATTRIBUTE.lastIndex = from
  while (ATTRIBUTE.lastIndex < to) {
    const found = ATTRIBUTE.exec(text)
    if (found === null) return undefined
    if (found[1] === wanted) return found[2]!.slice(1, -1)
  }
  return undefined
}

function unprefixed(name: string): string {
  const colon = name.lastIndexOf(':')
  return colon < 0 ? name : name.slice(colon + 1)
}

/** Text as a person reads it: XML's own entities and numbered characters. */
export function plainText(text: string): string {
  const own: Record<string, string> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }
  return text.replaceAll(
    /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(lt|gt|amp|quot|apos));/g,
    (whole, decimal, hex, name) => {
      if (name !== undefined) return own[name as string]!
      const code = decimal === undefined ? Number.parseInt(hex as string, 16) : Number(decimal)
      return code > 31 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff) ? String.fromCodePoint(code) : whole
    },
  )
}

/** By byte order mark, else by the declaration, else UTF-8. Bytes that are no character become U+FFFD, never an error. */
function textOf(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder('utf-16le').decode(bytes)
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder('utf-16be').decode(bytes)
  const opening = String.fromCharCode(...bytes.subarray(0, 200))
  const label = /^[^<]*<\?xml[^>]*encoding=["']([A-Za-z0-9._-]+)["']/.exec(opening)?.[1]
  try {
    return new TextDecoder(label ?? 'utf-8').decode(bytes)
  } catch {
    return new TextDecoder().decode(bytes) // An encoding nobody knows: the points are ASCII anyway.
  }
}

/** What it is instead of XML, and the remedy where there is one. */
function kindOf(bytes: Uint8Array): string {
  const [a, b] = bytes
  if (a === 0x50 && b === 0x4b) return 'a ZIP archive, not XML; unpack it first'
  if (a === 0x1f && b === 0x8b) return 'a gzip archive, not XML; unpack it first'
  if (String.fromCharCode(...bytes.subarray(8, 12)) === '.FIT') return 'a FIT file, not XML; name it .fit'
  const kind = bytes.subarray(0, 512).some((byte) => byte < 9) ? 'binary data' : a === 0x7b ? 'JSON' : 'plain text'
  return `${kind}, and no GPX, TCX or FIT file; GPX and TCX are XML and begin with "<"`
}

function short(name: string): string {
  // oxlint-disable-next-line no-control-regex -- what a hostile file says must not move anybody's cursor.
  const clean = name.replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
  return clean.length > 40 ? `${clean.slice(0, 39)}…` : clean
}
