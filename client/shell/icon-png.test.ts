import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { iconPng } from './icon-png.ts'

function pixelsOf(png: Uint8Array): (x: number, y: number) => number[] {
  const bytes = Buffer.from(png)
  const side = bytes.readUInt32BE(16)
  const at = bytes.indexOf('IDAT')
  const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)))
  return (x, y) => [...rows.subarray(y * (1 + 4 * side) + 1 + 4 * x, y * (1 + 4 * side) + 5 + 4 * x)]
}

test('[U60] icons are PNG made of our own drawing: round corners, a hill, a road; to the edge where systems cut them', () => {
  const at = pixelsOf(iconPng(64))
  expect([at(0, 0)[3], at(32, 2)[3]]).toEqual([0, 255])
  expect([at(56, 40), at(10, 20)]).toEqual([
    [0xff, 0xb0, 0x67, 255],
    [0x24, 0x1d, 0x18, 255],
  ])
  expect(pixelsOf(iconPng(64, true))(0, 0)).toEqual([0x24, 0x1d, 0x18, 255])
  expect(iconPng(192).length).toBeLessThan(8000)
})
