import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { decoded, refused, type Decoded } from '#protocol/decoded'

/** The hostile-file door for XML: bounded, no DOCTYPE, no entities, and every refusal says where. */
export const XML_BYTES_MAX = 32 * 1024 * 1024
const DEPTH_MAX = 64
/** The parser's own lists of tags and attributes take thirty times their text; a track has neither so long a tag nor so many. */
const TAG_CHARS_MAX = 65_536
const TAGS_MAX = 1_500_000

export interface XmlNode {
  /** Without its namespace prefix. */
  readonly tag: string
  readonly attributes: Readonly<Record<string, string>>
  readonly children: readonly XmlNode[]
  /** The text directly inside. */
  readonly text: string
  /** Where it begins in the document. */
  readonly index: number
}

export interface XmlDocument {
  readonly root: XmlNode
  /** `line 17` for an index into the text. */
  readonly place: (index: number) => string
}

/** Bytes → a tree, or one sentence that begins with the file's name. */
export function readXml(bytes: Uint8Array, name: string): Decoded<XmlDocument, string> {
  if (bytes.length === 0) return refused(`${name}: the file is empty`)
  if (bytes.length > XML_BYTES_MAX)
    return refused(`${name}: ${bytes.length} bytes; files of up to ${XML_BYTES_MAX / 1024 / 1024} MB are read`)
  const text = textOf(bytes)
  const begin = text.search(/\S/)
  if (begin < 0) return refused(`${name}: nothing but blanks`)
  if (text[begin] !== '<') return refused(`${name}: byte ${begin}: ${kindOf(bytes)}`)
  const place = (index: number) => `line ${lineAt(text, index)}`
  const doctype = text.search(/<!DOCTYPE/i)
  if (doctype >= 0) return refused(`${name}: ${place(doctype)}: a DOCTYPE; files with one are not read`)
  const excess = excessOf(text)
  if (excess !== undefined) return refused(`${name}: ${place(excess.index)}: ${excess.what}`)
  try {
    const verdict = XMLValidator.validate(text)
    if (verdict !== true) {
      const { line, col, msg } = verdict.err
      return refused(`${name}: line ${line}, column ${col}: not well-formed XML: ${short(msg)}`)
    }
    const root = treeOf(PARSER.parse(text) as RawNode[])
    return root === undefined ? refused(`${name}: line 1: no element in it`) : decoded({ root, place })
  } catch (error) {
    // The parser's own refusals (nesting, tag names it will not have); nothing of the file is kept.
    return refused(`${name}: not readable as XML: ${short((error as Error).message)}`)
  }
}

/** Too long a tag, or too many, found by looking for brackets only. */
function excessOf(text: string): { index: number; what: string } | undefined {
  let tags = 0
  for (let at = text.indexOf('<'); at >= 0; tags++) {
    const found = text.indexOf('>', at)
    const end = found < 0 ? text.length : found
    if (end - at > TAG_CHARS_MAX) return { index: at, what: `a tag of more than ${TAG_CHARS_MAX} characters` }
    if (tags > TAGS_MAX) return { index: at, what: `more than ${TAGS_MAX} tags` }
    at = text.indexOf('<', end)
  }
  return undefined
}

const META = XMLParser.getMetaDataSymbol() as unknown as symbol
const PARSER = new XMLParser({
  preserveOrder: true,
  captureMetaData: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseTagValue: false,
  parseAttributeValue: false,
  processEntities: false,
  removeNSPrefix: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  maxNestedTags: DEPTH_MAX,
})

interface RawNode {
  readonly [tag: string]: unknown
  readonly ':@'?: Record<string, string>
}

function treeOf(raw: readonly RawNode[]): XmlNode | undefined {
  return raw.map(nodeOf).find((node) => node !== undefined)
}

/** Recursion is bounded by DEPTH_MAX: the parser has refused anything deeper. */
function nodeOf(raw: RawNode): XmlNode | undefined {
  const tag = Object.keys(raw).find((key) => key !== ':@' && key !== '#text')
  if (tag === undefined) return undefined
  const inner = raw[tag] as readonly RawNode[]
  const children: XmlNode[] = []
  let text = ''
  for (const child of inner) {
    if ('#text' in child) text += String(child['#text'])
    const node = nodeOf(child)
    if (node !== undefined) children.push(node)
  }
  const meta = (raw as Record<symbol, { startIndex?: number } | undefined>)[META]
  return { tag, attributes: raw[':@'] ?? {}, children, text: text.trim(), index: meta?.startIndex ?? 0 }
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

function lineAt(text: string, index: number): number {
  let line = 1
  for (let at = text.indexOf('\n'); at >= 0 && at < index; at = text.indexOf('\n', at + 1)) line++
  return line
}

function short(message: string): string {
  // oxlint-disable-next-line no-control-regex -- what a hostile file says must not move anybody's cursor.
  const clean = message.replaceAll(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').replace(/\.$/, '')
  return clean.length > 120 ? `${clean.slice(0, 119)}…` : clean
}
