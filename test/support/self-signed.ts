import { createPrivateKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto'

/** A certificate of one's own for localhost, as PEM (X.509 v3, RFC 5280; ECDSA P-256 with SHA-256): for tests alone. */
export function selfSigned(
  at: { readonly fromMs: number; readonly toMs: number },
  key: KeyObject = newKey(),
): { cert: string; key: string } {
  const algorithm = sequence(oid('2a8648ce3d040302'))
  const name = sequence(set(sequence(oid('550403'), text('localhost'))))
  const spki = Buffer.from(publicOf(key))
  // subjectAltName: dNSName localhost.
  const names = sequence(tagged(0x82, Buffer.from('localhost')))
  const extension = sequence(oid('551d11'), tagged(0x04, names))
  const body = sequence(
    tagged(0xa0, integer(2)),
    integer(at.fromMs % 2 ** 31),
    algorithm,
    name,
    sequence(time(at.fromMs), time(at.toMs)),
    name,
    spki,
    tagged(0xa3, sequence(extension)),
  )
  const signature = sign('sha256', body, { key, dsaEncoding: 'der' })
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.of(0), signature])))
  const lines = der
    .toString('base64')
    .match(/.{1,64}/g)!
    .join('\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: key.export({ type: 'pkcs8', format: 'pem' }) as string,
  }
}

export function newKey(): KeyObject {
  return createPrivateKey(
    generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }),
  )
}

function publicOf(key: KeyObject): Uint8Array {
  const { x, y } = key.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.of(0, 4), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
  return sequence(sequence(oid('2a8648ce3d0201'), oid('2a8648ce3d030107')), tagged(0x03, point))
}

function tagged(tag: number, content: Uint8Array): Buffer {
  const { length } = content
  const head = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255]
  return Buffer.concat([Buffer.of(tag, ...head), content])
}

const sequence = (...parts: readonly Uint8Array[]): Buffer => tagged(0x30, Buffer.concat(parts))
const set = (...parts: readonly Uint8Array[]): Buffer => tagged(0x31, Buffer.concat(parts))
const oid = (hex: string): Buffer => tagged(0x06, Buffer.from(hex, 'hex'))
const text = (value: string): Buffer => tagged(0x0c, Buffer.from(value))
const integer = (value: number): Buffer => {
  const bytes = Buffer.alloc(5)
  bytes.writeUInt32BE(value, 1)
  const first = bytes.findIndex((byte, i) => byte !== 0 || i === 4)
  // A leading bit would be a sign.
  return tagged(0x02, bytes.subarray(bytes[first]! > 127 ? first - 1 : first))
}
const time = (ms: number): Buffer =>
  tagged(
    0x17,
    Buffer.from(
      `${new Date(ms)
        .toISOString()
        .replace(/[-:T]|\.\d+/g, '')
        .slice(2, 14)}Z`,
    ),
  )
