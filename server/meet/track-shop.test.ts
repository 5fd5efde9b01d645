import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { trackRoad } from './track-road.ts'
import { TrackShop, trackId } from './track-shop.ts'
import { loadFolder } from '../room/worlds.ts'
import { WorldShelf } from './world-shelf.ts'
import { openWorldThread } from './world-thread.ts'

/** A straight climb of two kilometres. */
const points = Array.from(
  { length: 101 },
  (_, i) => `<trkpt lat="46.${String(100000 + i * 18).padStart(6, '0')}" lon="7.5"><ele>${500 + i}</ele></trkpt>`,
)
const gpx = new TextEncoder().encode(`<gpx><trk><name>Our hill</name><trkseg>${points.join('')}</trkseg></trk></gpx>`)
const folder = await mkdtemp(join(tmpdir(), 'gruppetto-shelf-'))
afterAll(async () => await rm(folder, { recursive: true }))

test('[U58] a dropped file becomes a road in a process of its own; what is none is a sentence, and the next one is made all the same', async () => {
  const shop = new TrackShop(systemClock)
  const order = (bytes: Uint8Array) => ({ bytes, fileName: 'hill.gpx', id: trackId(bytes) })
  const [road, refused] = await Promise.all([
    shop.make(order(gpx)),
    shop.make(order(Uint8Array.of(1, 2, 3))).then(
      () => 'made',
      (error: Error) => error.message,
    ),
  ])
  expect([road.name, road.courseBytes.length > 1000, refused]).toEqual([
    'Our hill',
    true,
    'hill.gpx: byte 0: binary data, and no GPX, TCX or FIT file; GPX and TCX are XML and begin with "<".',
  ])
  shop.close()
  await expect(shop.make(order(gpx))).rejects.toThrow(/being stopped/)
})

test('[U110] a file that becomes no road is refused with the reason, and with the place where there is one', () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const cases: readonly (readonly [string, Uint8Array])[] = [
    ['track-file', bytes('name,watts\n1,2\n')],
    ['track-file', bytes('<html><body/></html>')],
    ['track-points', bytes('<gpx><trk><trkseg><trkpt lat="46" lon="7"/></trkseg></trk></gpx>')],
    ['track-broken', gpx.subarray(0, 900)],
    ['track-broken', bytes('<gpx><trk><trkseg>\n<trkpt lat="460" lon="7"/></trkseg></trk></gpx>')],
    ['track-road', bytes('<gpx><trk><trkseg><trkpt lat="46" lon="7"/><trkpt lat="46" lon="7"/></trkseg></trk></gpx>')],
  ]
  const told = cases.map(([, file]) => trackRoad(file, 'a.gpx', 'a'))
  expect(told.map((one) => (one.ok ? 'made' : one.reason))).toEqual(cases.map(([reason]) => reason))
  expect(told[4]!.ok ? '' : told[4]!.error.join()).toMatch(/line 2/)
})

test('[A49] a shelf that a stranger has filled makes room: what is planned on stays, and what was only just brought', async () => {
  const held = { wallMs: Date.now() }
  const shelf = await WorldShelf.open({
    ...{ folder: join(folder, 'filled'), tracksMax: 3, wallMs: () => held.wallMs, say: () => {} },
    openWorld: loadFolder,
  })
  const made = trackRoad(gpx, 'hill.gpx', trackId(gpx))
  const road = made.ok ? made.value : { mapText: '', courseBytes: new Uint8Array() }
  const id = (i: number) => `track-${String(i).padStart(16, '0')}`
  for (const i of [1, 2, 3]) await shelf.put(id(i), road)
  await expect(shelf.put(id(4), road)).rejects.toThrow(/keeps 3 roads/)
  held.wallMs += 16 * 60_000
  await shelf.put(id(4), road, new Set([id(1), id(3)]))
  expect([1, 2, 3, 4].map((i) => shelf.folderOf(id(i)) !== undefined)).toEqual([true, false, true, true])
  await expect(shelf.put(id(5), road, new Set([id(1), id(3), id(4)]))).rejects.toThrow(/keeps 3 roads/)
})

test('[U59] a road whose files a power cut has torn is made again when it is brought again', async () => {
  const said: string[] = []
  const options = { folder: join(folder, 'torn'), tracksMax: 3, wallMs: () => Date.now(), openWorld: loadFolder }
  const open = async () => await WorldShelf.open({ ...options, say: (line) => said.push(line) })
  const id = trackId(gpx)
  const made = trackRoad(gpx, 'hill.gpx', id)
  if (!made.ok) throw new Error(made.error.join())
  await (await open()).put(id, made.value)
  await writeFile(join(folder, 'torn', id, 'course.bin'), '')
  const shelf = await open()
  expect(await shelf.holds(id)).toBe(false)
  await shelf.put(id, made.value)
  expect([await shelf.holds(id), said.length]).toEqual([true, 2])
})

test('[U59] the same file is the same road; a full shelf says so; what nobody meets on goes after a day', async () => {
  let wallMs = Date.now()
  const said: string[] = []
  const open = async () =>
    await WorldShelf.open({
      folder: join(folder, 'tracks'),
      ...{ tracksMax: 1, openWorld: loadFolder },
      wallMs: () => wallMs,
      say: (line) => said.push(line),
    })
  const id = trackId(gpx)
  const made = trackRoad(gpx, 'hill.gpx', id)
  if (!made.ok) throw new Error(made.error.join())
  const shelf = await open()
  await shelf.put(id, made.value)
  await shelf.put(id, made.value)
  await expect(shelf.put('track-0000000000000000', made.value)).rejects.toThrow(/keeps 1 roads of its riders/)
  expect([shelf.size, await readdir(join(folder, 'tracks'))]).toEqual([1, [id]])
  const again = await open()
  const world = await again.world(id)
  expect(world?.network.routes[0]).toMatchObject({ id: 'whole', isLap: false })
  expect([again.folderOf('../..'), await again.world('nothing')]).toEqual([undefined, undefined])
  wallMs += 23 * 3600_000
  expect(await again.sweep(new Set())).toBe(0)
  wallMs += 2 * 3600_000
  expect(await again.sweep(new Set([id]))).toBe(0)
  await utimes(join(folder, 'tracks', id), (wallMs - 25 * 3600_000) / 1000, (wallMs - 25 * 3600_000) / 1000)
  expect([await again.sweep(new Set()), again.size, said]).toEqual([1, 0, []])
})

test('[A62] a road opened in the helper thread is the same road, and one that is torn is a sentence', async () => {
  const made = trackRoad(gpx, 'hill.gpx', trackId(gpx))
  if (!made.ok) throw new Error(made.error.join())
  const at = join(folder, 'thread')
  await mkdir(at)
  await writeFile(join(at, 'map.json'), made.value.mapText)
  await writeFile(join(at, 'course.bin'), made.value.courseBytes)
  const thread = openWorldThread()
  const [there, here] = [await thread.open(at, () => {}), await loadFolder(at, () => {})]
  const { course: ridden, ...facts } = there
  const { course, ...same } = here
  expect(facts).toEqual(same)
  for (let m = 0; m < course.lengthM; m += 7.3)
    expect([ridden.heightAt(m), ridden.slopeAt(m), ridden.widthAt(m)]).toEqual([
      ...[course.heightAt(m), course.slopeAt(m), course.widthAt(m)],
    ])
  await writeFile(join(at, 'course.bin'), made.value.courseBytes.subarray(0, 99))
  await expect(thread.open(at, () => {})).rejects.toThrow(/course\.bin: /)
  await expect(thread.open(join(at, 'nothing'), () => {})).rejects.toThrow(/ENOENT/)
  await thread.close()
})
