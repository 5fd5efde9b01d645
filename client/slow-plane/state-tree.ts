import { Unreadable } from './msgpack.ts'
import { StateReader } from './state-reader.ts'

/**
 * The state of a room of Colyseus, read: objects, lists and maps of plain values, kept up by the changes that come. Only
 * what our rooms use is understood (schemas, arrays, maps, primitives), and the rest is refused with a sentence. The format
 * is that of @colyseus/schema 5; `state-tree.test.ts` holds this reader to that package's own.
 */

/** What a field or an element is. */
type Type =
  | { readonly kind: 'value'; readonly name: string }
  | { readonly kind: 'schema'; readonly fields: readonly Field[] }
  | { readonly kind: 'map' | 'array'; readonly child: Type }

interface Field {
  readonly name: string
  readonly type: Type
}

/** A thing that changes refer to by number. */
interface Node {
  readonly type: Type
  /** A plain object, a Map or an array: what is seen from outside. */
  readonly value: Record<string, unknown> | Map<string, unknown> | unknown[]
  /** Which number each field's, element's or key's own node has. */
  readonly refs: Map<number | string, number>
  /** Keys of a map by index. */
  readonly keys: Map<number, string>
  /** How many places name it; at none it goes when the change is read. */
  uses: number
}

const TO_NODE = 255
const WITH_TYPE = 213
const ADD = 128
const DELETE = 64
const DELETE_AND_ADD = 192
const DELETE_AND_MOVE = 96
const CLEAR = 10
const REVERSE = 15
const DELETE_BY_REF = 33
const ADD_BY_REF = 129
const HOLE = Symbol('hole')

export class StateTree {
  #types = new Map<number, Type>()
  readonly #nodes = new Map<number, Node>()

  constructor(root: Type, types: ReadonlyMap<number, Type> = new Map()) {
    this.#types = new Map(types)
    const node = createNode(root)
    node.uses = 1
    this.#nodes.set(0, node)
  }

  get state(): Record<string, unknown> {
    return this.#nodes.get(0)!.value as Record<string, unknown>
  }

  /** A whole state or changes to it; throws Unreadable for what is neither. */
  read(bytes: Uint8Array, from = 0, end = bytes.length): void {
    const reader = new StateReader(bytes, from, end)
    let node = this.#nodes.get(0)!
    while (!reader.isAtEnd) {
      if (bytes[reader.at] === TO_NODE) {
        reader.at++
        close(node)
        const found = this.#nodes.get(reader.number())
        if (found === undefined) throw new Unreadable('The state changes something that it does not have.')
        node = found
      } else if (node.type.kind === 'schema') this.#readField(reader, node, node.type.fields)
      else if (node.type.kind === 'map') this.#readEntry(reader, node, node.type.child)
      else if (node.type.kind === 'array') this.#readElement(reader, node, node.type.child)
    }
    close(node)
    this.#sweep()
  }

  #readField(reader: StateReader, node: Node, fields: readonly Field[]): void {
    const first = reader.uint8()
    const operation = first & DELETE_AND_ADD
    const field = fields[operation === 0 ? first : first - operation]
    if (field === undefined) throw new Unreadable(`The state has a field number ${first & 63} that is not defined.`)
    const value = node.value as Record<string, unknown>
    if ((operation & DELETE) !== 0) {
      this.#release(node, field.name, operation)
      if (operation !== DELETE_AND_ADD) delete value[field.name]
    }
    if (operation === DELETE) return
    value[field.name] = this.#readValue(reader, node, field.name, operation, field.type)
  }

  #readEntry(reader: StateReader, node: Node, child: Type): void {
    const value = node.value as Map<string, unknown>
    const operation = reader.uint8()
    if (operation === CLEAR) {
      for (const key of value.keys()) this.#release(node, key, DELETE)
      value.clear()
      node.keys.clear()
      return
    }
    const index = reader.number()
    if ((operation & ADD) !== 0) node.keys.set(index, reader.string())
    const key = node.keys.get(index)
    if (key === undefined) throw new Unreadable(`The state changes entry ${index} of a map that has none.`)
    if ((operation & DELETE) !== 0) {
      this.#release(node, key, operation)
      if (operation !== DELETE_AND_ADD) {
        value.delete(key)
        node.keys.delete(index)
      }
    }
    if (operation === DELETE) return
    value.set(key, this.#readValue(reader, node, key, operation, child))
  }

  /** Elements are known by the node they are, for places shift: `refs` of an array is by number of the node. */
  #readElement(reader: StateReader, node: Node, child: Type): void {
    const value = node.value as unknown[]
    const operation = reader.uint8()
    if (operation === CLEAR) {
      for (const one of value) this.#releaseElement(one)
      value.length = 0
      return
    }
    if (operation === REVERSE) return void value.reverse()
    let index: number
    if (operation === DELETE_BY_REF) {
      const known = this.#nodes.get(reader.number())
      if (known === undefined) return
      known.uses--
      index = value.indexOf(known.value)
      if (index >= 0) value[index] = HOLE
      return
    }
    if (operation === ADD_BY_REF) {
      const at = reader.at
      const known = this.#nodes.get(reader.number())
      reader.at = at
      const place = known === undefined ? -1 : value.indexOf(known.value)
      index = place >= 0 ? place : value.length
    } else index = reader.number()
    const before = value[index]
    if ((operation & DELETE) !== 0) {
      this.#releaseElement(before)
      if (operation !== DELETE_AND_ADD) value[index] = HOLE
    }
    if (operation === DELETE) return
    const now = this.#readChild(reader, before, operation, child)
    if (now === before) return
    if (operation === ADD && before !== undefined && before !== HOLE) value.splice(index, 0, now)
    else if (operation === DELETE_AND_MOVE) {
      value.splice(index, 1)
      value[index] = now
    } else value[index] = now
  }

  #readValue(reader: StateReader, node: Node, name: string, operation: number, type: Type): unknown {
    if (type.kind === 'value') return reader.primitive(type.name)
    const before = this.#nodes.get(node.refs.get(name) ?? -1)?.value
    const at = reader.at
    const ref = reader.number()
    reader.at = at
    const known = node.refs.get(name)
    // Another list in the place of one: what was there is used once less, unless the operation said so itself.
    if (known !== undefined && known !== ref && (operation & DELETE) === 0) this.#nodes.get(known)!.uses--
    const now = this.#readChild(reader, before, operation, type)
    node.refs.set(name, ref)
    return now
  }

  #readChild(reader: StateReader, before: unknown, operation: number, type: Type): unknown {
    if (type.kind === 'value') return reader.primitive(type.name)
    const ref = reader.number()
    const known = this.#nodes.get(ref)
    if (type.kind === 'schema') {
      if ((operation & ADD) === 0) return known?.value
      let own: Type = type
      if (reader.bytes[reader.at] === WITH_TYPE && !reader.isAtEnd) {
        reader.at++
        own = this.#types.get(reader.number()) ?? type
      }
      const node = known ?? this.#keep(ref, own)
      if (node.value !== before || operation === DELETE_AND_ADD) node.uses++
      return node.value
    }
    const node = known ?? this.#keep(ref, type)
    if (node.value !== before || operation === DELETE_AND_ADD) node.uses++
    return node.value
  }

  #keep(ref: number, type: Type): Node {
    const node = createNode(type)
    this.#nodes.set(ref, node)
    return node
  }

  #release(node: Node, name: string, operation: number): void {
    const known = this.#nodes.get(node.refs.get(name) ?? -1)
    if (known !== undefined) known.uses--
    if (operation !== DELETE_AND_ADD) node.refs.delete(name)
  }

  #releaseElement(value: unknown): void {
    if (typeof value !== 'object' || value === null) return
    for (const node of this.#nodes.values()) {
      if (node.value !== value) continue
      node.uses--
      return
    }
  }

  /** What nothing names any more goes, and what only that named. Its number may come again for something else. */
  #sweep(): void {
    for (let isAny = true; isAny;) {
      isAny = false
      for (const [ref, node] of this.#nodes) {
        if (node.uses > 0) continue
        isAny = true
        this.#nodes.delete(ref)
        for (const child of node.refs.values()) {
          const known = this.#nodes.get(child)
          if (known !== undefined) known.uses--
        }
        if (Array.isArray(node.value)) for (const one of node.value) this.#releaseElement(one)
      }
    }
  }
}

function createNode(type: Type): Node {
  const value = type.kind === 'map' ? new Map<string, unknown>() : type.kind === 'array' ? [] : {}
  return { type, value, refs: new Map(), keys: new Map(), uses: 0 }
}

/** Holes that deletions left close when all changes of a list are read. */
function close({ value }: Node): void {
  if (!Array.isArray(value)) return
  let kept = 0
  for (let i = 0; i < value.length; i++) if (value[i] !== HOLE && value[i] !== undefined) value[kept++] = value[i]
  value.length = kept
}

const VALUE = (name: string): Type => ({ kind: 'value', name })
const NUMBER = VALUE('number')
/** How a definition of a state is itself a state. */
const QUANTIZED: Type = {
  kind: 'schema',
  fields: [
    { name: 'min', type: VALUE('float64') },
    { name: 'max', type: VALUE('float64') },
    { name: 'bits', type: VALUE('uint8') },
    { name: 'mode', type: VALUE('uint8') },
  ],
}
const DEFINED_FIELD: Type = {
  kind: 'schema',
  fields: [
    { name: 'name', type: VALUE('string') },
    { name: 'type', type: VALUE('string') },
    { name: 'referencedType', type: NUMBER },
    { name: 'childPrimitive', type: VALUE('string') },
    { name: 'quantized', type: QUANTIZED },
  ],
}
const DEFINED_TYPE: Type = {
  kind: 'schema',
  fields: [
    { name: 'id', type: NUMBER },
    { name: 'extendsId', type: NUMBER },
    { name: 'fields', type: { kind: 'array', child: DEFINED_FIELD } },
  ],
}
const DEFINITION: Type = {
  kind: 'schema',
  fields: [
    { name: 'types', type: { kind: 'array', child: DEFINED_TYPE } },
    { name: 'rootType', type: NUMBER },
  ],
}

interface DefinedField {
  readonly name: string
  readonly type: string
  readonly referencedType?: number
  readonly childPrimitive?: string
}
interface Definition {
  readonly types: readonly {
    readonly id: number
    readonly extendsId?: number
    readonly fields?: readonly DefinedField[]
  }[]
  readonly rootType?: number
}

/** An empty state of the definition that a room sends to who joins. */
export function defineState(bytes: Uint8Array, from = 0, end = bytes.length): StateTree {
  const definition = new StateTree(DEFINITION)
  definition.read(bytes, from, end)
  const { types = [], rootType = 0 } = definition.state as unknown as Partial<Definition>
  const fieldsOf = new Map<number, Field[]>()
  const known = new Map<number, Type>()
  for (const { id, extendsId } of types) {
    if (extendsId !== undefined) throw new Unreadable('The state has a type that extends another.')
    const fields: Field[] = []
    fieldsOf.set(id, fields)
    known.set(id, { kind: 'schema', fields })
  }
  for (const { id, fields = [] } of types) {
    for (const field of fields) fieldsOf.get(id)!.push({ name: field.name, type: typeOf(field, known) })
  }
  const root = known.get(rootType)
  if (root === undefined) throw new Unreadable('The definition of the state has no root.')
  return new StateTree(root, known)
}

function typeOf({ name, type, referencedType, childPrimitive }: DefinedField, known: ReadonlyMap<number, Type>): Type {
  if (referencedType === undefined) return VALUE(type)
  const child = known.get(referencedType) ?? (childPrimitive === undefined ? undefined : VALUE(childPrimitive))
  if (child === undefined) throw new Unreadable(`The state's ${name} is of a type that is not defined.`)
  if (type === 'ref') return child
  if (type === 'map' || type === 'array') return { kind: type, child }
  throw new Unreadable(`The state's ${name} is a ${type}, which is not understood.`)
}
