import { crc32 } from 'node:zlib'

/** A ZIP archive, stored and not packed (PKWARE APPNOTE 6.3): rides come and go one at a time, never all in memory. */
export interface ZipEntry {
  readonly name: string
  readonly bytes: Uint8Array
  readonly atMs: number
}

const STORED = 0
const VERSION = 20
/** Names are UTF-8. */
const UTF8_FLAG = 0x0800

export async function* zipOf(entries: AsyncIterable<ZipEntry>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = []
  let at = 0
  for await (const { name, bytes, atMs } of entries) {
    const nameBytes = Buffer.from(name, 'utf8')
    const common = Buffer.alloc(26)
    common.writeUInt16LE(VERSION, 0)
    common.writeUInt16LE(UTF8_FLAG, 2)
    common.writeUInt16LE(STORED, 4)
    const { time, date } = dosTime(atMs)
    common.writeUInt16LE(time, 6)
    common.writeUInt16LE(date, 8)
    common.writeUInt32LE(crc32(bytes), 10)
    common.writeUInt32LE(bytes.length, 14)
    common.writeUInt32LE(bytes.length, 18)
    common.writeUInt16LE(nameBytes.length, 22)
    yield Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, nameBytes])
    yield Buffer.from(bytes)
    const tail = Buffer.alloc(14)
    tail.writeUInt32LE(at, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, nameBytes]))
    at += 30 + nameBytes.length + bytes.length
  }
  const central = Buffer.concat(directory)
  yield central
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(at, 16)
  yield end
}

function dosTime(atMs: number): { time: number; date: number } {
  const at = new Date(atMs)
  return {
    time: (at.getUTCHours() << 11) | (at.getUTCMinutes() << 5) | (at.getUTCSeconds() >> 1),
    date: ((at.getUTCFullYear() - 1980) << 9) | ((at.getUTCMonth() + 1) << 5) | at.getUTCDate(),
  }
}
