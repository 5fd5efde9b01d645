/** The whole of an answer, if it is no longer than this; else undefined, and no more of it is read. Whoever answers may never end. */
export async function bytesWithin(response: Response, bytesMax: number): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let bytes = 0
  const reader = response.body?.getReader()
  for (;;) {
    const next = await reader?.read()
    if (next === undefined || next.done) return new Uint8Array(Buffer.concat(parts))
    bytes += next.value.length
    if (bytes > bytesMax) {
      await reader!.cancel()
      return undefined
    }
    parts.push(next.value)
  }
}

/** The same as text. */
export async function textWithin(response: Response, bytesMax: number): Promise<string | undefined> {
  const bytes = await bytesWithin(response, bytesMax)
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}
