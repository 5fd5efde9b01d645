import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { traceRoad } from '#maps/trace'
import { createRandom } from '#physics/random'
import { readTrack } from './track.ts'
import { XML_BYTES_MAX } from './xml.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const GPX = `<?xml version="1.0" encoding="UTF-8"?>
<gpx version="1.1" creator="by hand" xmlns="http://www.topografix.com/GPX/1/1">
  <metadata><name>Not this one</name></metadata>
  <wpt lat="1" lon="1"><ele>9</ele></wpt>
  <trk><name><![CDATA[Hill & dale]]></name>
    <trkseg>
      <trkpt lat="47.1" lon="8.5"><ele>400.5</ele><time>2026-05-01T10:00:00Z</time></trkpt>
      <trkpt lat="47.101" lon="8.5"/>
    </trkseg>
    <trkseg><trkpt lat="47.102" lon="-8.5e0"><ele>-3</ele></trkpt></trkseg>
  </trk>
</gpx>
`
const TCX = `<TrainingCenterDatabase><Activities><Activity Sport="Biking"><Lap><Track>
  <Trackpoint><Time>2026-05-01T10:00:00Z</Time><AltitudeMeters>400</AltitudeMeters></Trackpoint>
  <Trackpoint><Position><LatitudeDegrees>47.1</LatitudeDegrees><LongitudeDegrees>8.5</LongitudeDegrees></Position><AltitudeMeters>401</AltitudeMeters></Trackpoint>
  <Trackpoint><Position><LatitudeDegrees>47.2</LatitudeDegrees><LongitudeDegrees>8.5</LongitudeDegrees></Position></Trackpoint>
</Track></Lap></Activity></Activities></TrainingCenterDatabase>`

test('[I1] a GPX gives the points of all its tracks in order, and its title', () => {
  const read = readTrack(bytesOf(GPX), 'hill.gpx')
  expect(read).toMatchObject({
    ok: true,
    value: {
      title: 'Hill & dale',
      segmentStarts: [0, 2],
      points: [
        { latDeg: 47.1, lonDeg: 8.5, heightM: 400.5, timeMs: Date.UTC(2026, 4, 1, 10) },
        { latDeg: 47.101, lonDeg: 8.5, heightM: undefined, timeMs: undefined },
        { latDeg: 47.102, lonDeg: -8.5, heightM: -3, timeMs: undefined },
      ],
    },
  })
})

test('[I1] a route stands in where there is no track, and prefixes, marks and UTF-16 are read', () => {
  const route = '<g:gpx xmlns:g="x"><g:rte><g:rtept lat="1" lon="2"/><g:rtept lat="1.1" lon="2"/></g:rte></g:gpx>'
  expect(readTrack(bytesOf(`\ufeff${route}`), 'r.gpx')).toMatchObject({ ok: true, value: { points: { length: 2 } } })
  const wide = new Uint8Array(Uint16Array.from(`\ufeff${route}`, (char) => char.charCodeAt(0)).buffer)
  expect(readTrack(wide, 'r.gpx')).toMatchObject({ ok: true, value: { points: { length: 2 } } })
})

test('[I1] a TCX gives its positions; points without one are passed over', () => {
  const read = readTrack(bytesOf(TCX), 'lap.tcx')
  expect(read.ok && read.value.points.map(({ heightM }) => heightM)).toEqual([401, undefined])
  expect(read.ok && read.value.placeOf(1)).toBe('point 2, line 4')
})

test('[I2] what is no GPX is one sentence: the file, the place, the reason', () => {
  const cases: [string, string][] = [
    ['', 'f: the file is empty'],
    ['  \n ', 'f: nothing but blanks'],
    ['hello', 'f: byte 0: plain text, and no GPX, TCX or FIT file; GPX and TCX are XML and begin with "<"'],
    ['{"a":1}', 'f: byte 0: JSON, and no GPX, TCX or FIT file; GPX and TCX are XML and begin with "<"'],
    ['\u0089PNG\u0000', 'f: byte 0: binary data, and no GPX, TCX or FIT file; GPX and TCX are XML and begin with "<"'],
    ['PK\u0003\u0004', 'f: byte 0: a ZIP archive, not XML; unpack it first'],
    ['<html></html>', 'f: line 1: begins with <html>; a GPX begins with <gpx>, a TCX with <TrainingCenterDatabase>'],
    ['<gpx>\n<trk>\n</gpx>', 'f: line 3: not well-formed XML: </trk> is what should close here'],
    ['<gpx>\n<trk', 'f: line 2: not well-formed XML: <trk> is not a complete tag'],
    ['<gpx>\n<trk>', 'f: line 2: not well-formed XML: the file ends inside <trk>'],
    ['<gpx a=1></gpx>', 'f: line 1: not well-formed XML: <gpx> is not a complete tag'],
    ['<gpx></gpx>\n<gpx/>', 'f: line 2: not well-formed XML: a second root element'],
    ['<gpx></gpx>\n.', 'f: line 2: not well-formed XML: text after the root element'],
    ['<gpx>\n<!-- </gpx>', 'f: line 2: not well-formed XML: a comment without end'],
    ['<gpx>\n<!ELEMENT a></gpx>', 'f: line 2: not well-formed XML: "<!" that begins nothing known'],
    ['<!DOCTYPE a [<!ENTITY b "c">]><gpx>&b;</gpx>', 'f: line 1: a DOCTYPE; files with one are not read'],
    ['<gpx>\n<!doctype a></gpx>', 'f: line 2: a DOCTYPE; files with one are not read'],
    [
      '<gpx>\n<name>&xxe;</name></gpx>',
      'f: line 2: the entity "&xxe;" is not one of XML\'s own; files that need others are not read',
    ],
    ['<gpx></gpx>', 'f: line 1: 0 track points with a position; a road needs two or more'],
    [GPX.replace('47.101', '4x.1'), 'f: line 8: <trkpt> latitude "4x.1" is not in −90 … 90'],
    [GPX.replace('47.101', '0x1f'), 'f: line 8: <trkpt> latitude "0x1f" is not in −90 … 90'],
    [GPX.replace('lat="47.101" ', ''), 'f: line 8: <trkpt> latitude (none) is not in −90 … 90'],
    [GPX.replace('-8.5e0', '181'), 'f: line 10: <trkpt> longitude "181" is not in −180 … 180'],
    [GPX.replace('47.101', '1e308'), 'f: line 8: <trkpt> latitude "1e308" is not in −90 … 90'],
    [GPX.replace('47.101', '200'), 'f: line 8: <trkpt> latitude "200" is not in −90 … 90'],
    [GPX.replace('400.5', 'NaN'), 'f: line 7: <trkpt> height "NaN" is not in −10000 … 10000 m'],
    [GPX.replace('400.5', 'high'), 'f: line 7: <trkpt> height "high" is not in −10000 … 10000 m'],
  ]
  for (const [text, sentence] of cases) expect(readTrack(bytesOf(text), 'f')).toEqual({ ok: false, error: sentence })
})

test('[I3] too deep, too large, too many attributes: refused, and a hostile name changes nothing', () => {
  const deep = '<gpx>'.repeat(2000) + '</gpx>'.repeat(2000)
  expect(readTrack(bytesOf(deep), 'deep.gpx').ok).toBe(false)
  expect(readTrack(new Uint8Array(XML_BYTES_MAX + 1).fill(60), 'big.gpx')).toMatchObject({ ok: false })
  const proto = '<gpx><__proto__><polluted/></__proto__><constructor/></gpx>'
  expect(readTrack(bytesOf(proto), 'proto.gpx').ok).toBe(false)
  expect(({} as Record<string, unknown>).polluted).toBeUndefined()
})

test('[I3] half a million points are read, one more is refused with its line', () => {
  const points = (count: number) =>
    `<gpx><trk><trkseg>\n${'<trkpt lat="1" lon="2"/>\n'.repeat(count)}</trkseg></trk></gpx>`
  expect(readTrack(bytesOf(points(500_000)), 'p.gpx')).toMatchObject({
    ok: true,
    value: { points: { length: 500_000 } },
  })
  expect(readTrack(bytesOf(points(500_001)), 'p.gpx')).toEqual({
    ok: false,
    error: 'p.gpx: line 500002: point 500001: files of up to 500000 points are read',
  })
})

test('[I8] what a scanner might stumble over again and again ends in one sentence', () => {
  const MB = 1_000_000
  for (const [name, text, reason] of [
    ['brackets', '<'.repeat(MB), /"<" without a name/],
    ['blanks', `<gpx${' '.repeat(MB)}`, /not a complete tag/],
    ['a name', `<${'a'.repeat(MB)}>`, /begins with <a{39}…>/],
    ['attributes', `<gpx${' a="b"'.repeat(MB / 6)}>`, /the file ends inside <gpx>/],
    ['a quote', `<gpx a="${'x'.repeat(MB)}`, /not a complete tag/],
    ['ampersands', `<gpx>${'&'.repeat(MB)}</gpx>`, /0 track points/],
    ['CDATA', `<gpx><n>${'<![CDATA[x]]>'.repeat(MB / 13)}`, /the file ends inside <n>/],
    ['empty tags', `<gpx>${'<a/>'.repeat(MB / 4)}</gpx>`, /0 track points/],
    ['lines', `<gpx>${'\n'.repeat(MB)}<`, /line 1000001: /],
  ] as const) {
    const read = readTrack(bytesOf(text), name)
    expect(read.ok ? 'read' : read.error).toMatch(reason)
  }
})

test('[I8] a title is what a person would read; a bare & is forgiven', () => {
  const titled = (title: string) => {
    const read = readTrack(bytesOf(GPX.replace('<![CDATA[Hill & dale]]>', title)), 'f')
    return read.ok ? read.value.title : read.error
  }
  expect(titled('Tom &amp; Jerry&#39;s &#x48;ill &lt;3')).toBe("Tom & Jerry's Hill <3")
  expect(titled('Tom & Jerry')).toBe('Tom & Jerry')
  expect(titled('a<!-- not this -->b')).toBe('ab')
})

test('[I4] every truncation of a GPX is a sentence with its name, never a throw', () => {
  const bytes = bytesOf(GPX)
  const complete = GPX.lastIndexOf('>')
  for (let length = 0; length < complete; length++) {
    const read = readTrack(bytes.subarray(0, length), 'cut.gpx')
    expect(read.ok ? 'read' : read.error).toMatch(/^cut\.gpx: /)
  }
})

test('[I4] every bit flip and noise end in points or one printable sentence, never a throw', () => {
  let parsed = 0 // Some of the roads that come out are a continent long: one in two hundred is laid.
  const check = (bytes: Uint8Array) => {
    const read = readTrack(bytes, 'x')
    // oxlint-disable-next-line no-control-regex -- exactly what must not be there.
    if (!read.ok) expect(read.error).toMatch(/^x: [^\u0000-\u001f]{5,300}$/)
    else
      for (const { latDeg, lonDeg } of read.value.points)
        expect(Math.abs(latDeg) <= 90 && Math.abs(lonDeg) <= 180).toBe(true)
    if (read.ok && parsed++ % 200 === 0) traceRoad(read.value.points, { widthM: 6, crr: 0.004 })
  }
  for (const source of [bytesOf(GPX), bytesOf(TCX)]) {
    for (let bit = 0; bit < source.length * 8; bit++) {
      const broken = Uint8Array.from(source)
      broken[bit >> 3]! ^= 1 << (bit & 7)
      check(broken)
    }
  }
  const random = createRandom(8214)
  for (let run = 0; run < 300; run++) {
    const noise = Uint8Array.from({ length: random.u32() % 400 }, () => random.u32() & 255)
    if (run % 2 === 0) noise[0] = 60
    check(noise)
  }
})

const routes = new URL('../../../shared/data/routes/', import.meta.url)

test.skipIf(!existsSync(routes))('[I5] recorded tracks are read whole (needs ../shared)', () => {
  for (const [name, points] of [
    ['cerknicko-jezero.gpx', 296],
    ['etzelbergrennen.gpx', 184],
    ['mont-ventoux.gpx', 554],
    ['old-la-honda-skyline.gpx', 1352],
  ] as const) {
    const bytes = new Uint8Array(readFileSync(new URL(name, routes)))
    expect(readTrack(bytes, name)).toMatchObject({ ok: true, value: { points: { length: points } } })
    expect(readTrack(bytes.subarray(0, bytes.length >> 1), name)).toMatchObject({ ok: false })
  }
})
