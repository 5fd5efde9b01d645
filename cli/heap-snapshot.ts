import type { CDPSession } from 'playwright-core'

/** What a heap holds, bytes: compiled code (with the notes it is compiled from), and everything else. */
export interface HeapParts {
  readonly code: number
  readonly data: number
}

interface Snapshot {
  readonly snapshot: {
    readonly meta: { readonly node_fields: readonly string[]; readonly node_types: readonly (readonly string[])[] }
  }
  readonly nodes: readonly number[]
}

/**
 * V8 goes on compiling what runs often, long after it has run for the first time; nothing of that is kept by the page. So
 * a snapshot is summed up by kind. What belongs to the page's renderer and not to its scripts ("native") is left out.
 */
export async function heapParts(cdp: CDPSession): Promise<HeapParts> {
  const text: string[] = []
  const hear = ({ chunk }: { chunk: string }): void => void text.push(chunk)
  cdp.on('HeapProfiler.addHeapSnapshotChunk', hear)
  await cdp.send('HeapProfiler.enable')
  await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  cdp.off('HeapProfiler.addHeapSnapshotChunk', hear)
  const { snapshot, nodes } = JSON.parse(text.join('')) as Snapshot
  const { node_fields: fields, node_types: types } = snapshot.meta
  const [typeAt, sizeAt] = [fields.indexOf('type'), fields.indexOf('self_size')]
  const names = types[typeAt]!
  const [code, native] = [names.indexOf('code'), names.indexOf('native')]
  const sum = { code: 0, data: 0 }
  for (let at = 0; at < nodes.length; at += fields.length) {
    const type = nodes[at + typeAt]!
    if (type === code) sum.code += nodes[at + sizeAt]!
    else if (type !== native) sum.data += nodes[at + sizeAt]!
  }
  return sum
}
