import type { Plugin } from 'vite'
import { tight } from './lean-glsl.ts'

/** Our own shader code (templates in client/view) as tight as three.js's is: client/lean-glsl.ts. docs/client.md [V87] */
export function leanShaders(): Plugin {
  return {
    name: 'lean-shaders',
    enforce: 'pre',
    transform(code, id) {
      if (!/\/client\/view\/[\w-]+\.ts$/.test(id) || !code.includes('`')) return null
      const tree: unknown = this.parse(code, { lang: 'ts' })
      const after = tightTemplates(code, tree)
      return after === code ? null : { code: after, map: null }
    },
  }
}

interface Piece {
  readonly start: number
  readonly end: number
  readonly value: { readonly raw: string }
}

/** Code with the texts of its templates that are shader code made tight. */
export function tightTemplates(code: string, tree: unknown): string {
  const pieces: Piece[] = []
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit)
    else if (typeof node === 'object' && node !== null) {
      if ('type' in node && node.type === 'TemplateLiteral' && 'quasis' in node) {
        const quasis = node.quasis as Piece[]
        if (isShader(quasis.map(({ value }) => value.raw).join(' '))) pieces.push(...quasis)
      }
      Object.values(node).forEach(visit)
    }
  }
  visit(tree)
  let after = code
  for (const { start, value } of pieces.toSorted((a, b) => b.start - a.start)) {
    // Parsers count the sign before a piece as part of it, or do not.
    const at = [start, start + 1].find((one) => code.startsWith(value.raw, one))
    if (at === undefined) throw new Error(`client/lean-shaders.ts: a template's text is not where it was said to be`)
    after = after.slice(0, at) + tightPiece(value.raw) + after.slice(at + value.raw.length)
  }
  return after
}

function isShader(text: string): boolean {
  return text.includes('\n') && /;/.test(text) && /\b(vec[234]|mat[234]|float|uniform|gl_Position)\b/.test(text)
}

/** A piece between two insertions keeps that it begins or ends apart from them. */
function tightPiece(raw: string): string {
  const edge = (space: string | undefined): string => (space === undefined ? '' : space.includes('\n') ? '\n' : ' ')
  const before = edge(/^\s+/.exec(raw)?.[0])
  if (raw.trim() === '') return before
  return before + tight(raw) + edge(/\s+$/.exec(raw)?.[0])
}
