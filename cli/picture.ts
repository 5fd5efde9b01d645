import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { UsageError, report, type Command } from './command.ts'
import { drawGolden } from './picture-golden.ts'
import { drawNetPage } from './picture-net.ts'
import { drawPairing } from './picture-pairing.ts'
import { drawPoses } from './picture-poses.ts'
import { buildHarness, findChromium, launchChromium, NO_CHROMIUM, openShot } from './picture-harness.ts'

const CAMERAS = ['chase', 'first', 'side', 'helicopter', 'roadside', 'finish', 'portrait', 'front', 'back', 'close']
const QUALITIES = ['test', 'low', 'medium', 'high']
const WORLDS = fileURLToPath(new URL('../maps/worlds', import.meta.url))
const SIDE_MAX_PX = 4096
/** Options of the sky, what the harness calls them, and how far they go. */
const SKY = [
  ['hour', 'hour', 24],
  ['cloud', 'cloud', 1],
  ['haze', 'haze', 1],
  ['rain', 'rain', 1],
  ['snow-line', 'snow', 9000],
  ['wind', 'wind', 20],
] as const

/** For a name that ends in .jpg: half the bytes of the least one sees a difference at. */
const JPEG_QUALITY = 82

export const command: Command = {
  name: 'picture',
  summary: 'draw one picture of a world, as a rider sees it',
  positionals: ['OUT.png?'],
  options: [
    { name: 'world', value: 'ID', summary: 'folder under maps/worlds', default: 'sorrelmere' },
    { name: 'at', value: 'M', summary: 'metres along the road', default: '900' },
    { name: 'size', value: 'WxH', summary: 'pixels', default: '1280x720' },
    { name: 'camera', value: 'NAME', summary: CAMERAS.join(', '), default: 'chase' },
    { name: 'riders', value: 'N', summary: 'riders on the road', default: '24' },
    { name: 'bunch', summary: 'riders five abreast, wheel to wheel, ahead of the first' },
    {
      name: 'pose',
      value: 'NAME',
      summary: 'how the first rider sits: hoods, drops, standing, …; sheet: all poses side by side',
    },
    { name: 'time', value: 'S', summary: 'seconds: clouds, leaves, legs', default: '3' },
    { name: 'hour', value: 'H', summary: 'time of day by the sun, 0 … 24; a fair morning without' },
    { name: 'cloud', value: 'SHARE', summary: 'of the sky under clouds, 0 … 1' },
    { name: 'haze', value: 'SHARE', summary: '0 clear … 1 mist' },
    { name: 'rain', value: 'SHARE', summary: '0 dry … 1 it pours; snow above the snow line' },
    { name: 'snow-line', value: 'M', summary: 'white above this height, m' },
    { name: 'wind', value: 'MPS', summary: 'mean wind, m/s from 240°' },
    { name: 'zone', value: 'SHARE', summary: "in the map's free-ride zone, 0 … 1 of the way round it" },
    { name: 'quality', value: 'NAME', summary: QUALITIES.join(', '), default: 'high' },
    { name: 'hud', summary: 'with the HUD over it' },
    { name: 'golden', value: 'DIR', summary: 'the views worlds are judged by, each into a file here' },
    { name: 'sheet', value: 'FILE', summary: 'all of those views on one page, with captions' },
    { name: 'check', summary: 'draw those views in two browsers, and compare every byte' },
    { name: 'only', value: 'TEXT', summary: 'of those views the ones with this in their name', default: '' },
    { name: 'pairing', summary: 'instead of a world, the sheet of trainer and sensors, with emulated ones' },
    { name: 'net', summary: 'instead of a world, the page /net of a ride whose line loses packets (two minutes)' },
  ],
  details: `Needs Chromium on the PATH and the development packages. The same options draw the same bytes of a world.
Examples:
  gruppetto picture maps/worlds/sorrelmere/picture.jpg --at 900 --size 1280x720
  gruppetto picture docs/ride.png --at 5330 --hud
  gruppetto picture docs/pictures/riders.jpg --pose sheet --camera close --world gannetholm --at 1500 --size 1300x780
  gruppetto picture --golden /tmp/views --sheet docs/pictures/views.jpg
  gruppetto picture --check --only night
  gruppetto picture docs/pictures/pairing.png --pairing --size 1280x900
  gruppetto picture docs/pictures/net.png --net --size 1200x905`,
  async run(invocation) {
    const isGolden = ['golden', 'sheet'].some((name) => invocation.text(name) !== undefined) || invocation.flag('check')
    if (invocation.positionals[0] === undefined && !isGolden)
      throw new UsageError('OUT.png is missing: say where the picture goes, or --golden DIR')
    const out = resolve(invocation.positionals[0] ?? '')
    const world = invocation.text('world') ?? 'sorrelmere'
    if (!/^[a-z0-9-]+$/.test(world) || !existsSync(resolve(WORLDS, world, 'map.json')))
      throw new UsageError(`--world ${world}: there is no maps/worlds/${world}/map.json`)
    const { widthPx, heightPx } = sizeOf(invocation.text('size') ?? '1280x720')
    const query = new URLSearchParams({
      world,
      at: String(invocation.number('at', { min: 0, max: 1e6 }) ?? 900),
      t: String(invocation.number('time', { min: 0, max: 1e6 }) ?? 3),
      riders: String(invocation.number('riders', { min: 1, max: 300, isWhole: true }) ?? 24),
      camera: oneOf('camera', CAMERAS, invocation.text('camera') ?? 'chase'),
      quality: oneOf('quality', QUALITIES, invocation.text('quality') ?? 'high'),
    })
    if (!invocation.flag('hud')) query.set('bare', '')
    if (invocation.flag('bunch')) query.set('bunch', '')
    const zone = invocation.number('zone', { min: 0, max: 1 })
    if (zone !== undefined) query.set('zone', String(zone))

    const pose = invocation.text('pose')
    if (pose !== undefined && pose !== 'sheet') query.set('pose', pose)

    for (const [name, key, max] of SKY) {
      const given = invocation.number(name, { min: name === 'snow-line' ? -1000 : 0, max })
      if (given !== undefined) query.set(key, String(given))
    }

    const chromium = findChromium(process.env['PATH'] ?? '')
    if (chromium === undefined) return report({}, [NO_CHROMIUM])
    const golden = {
      folder: invocation.text('golden'),
      sheet: invocation.text('sheet'),
      isChecked: invocation.flag('check'),
    }
    if (isGolden)
      return drawGolden(chromium, {
        ...golden,
        only: invocation.text('only') ?? '',
        progress: (done, of, words) => invocation.progress(done, of, words),
      })
    const drawPage = invocation.flag('net') ? drawNetPage : invocation.flag('pairing') ? drawPairing : undefined
    if (drawPage !== undefined)
      return drawPage(chromium, out, { widthPx, heightPx }, (done, of, words) => invocation.progress(done, of, words))
    invocation.progress(0, 3, 'building the client')
    const harness = await buildHarness()
    try {
      invocation.progress(1, 3, 'starting Chromium')
      const browser = await launchChromium(chromium)
      try {
        invocation.progress(2, 3, 'drawing')
        if (pose === 'sheet') return await drawPoses(browser, harness, out, query, { widthPx, heightPx })
        const shot = await openShot(browser, harness, { query: query.toString(), widthPx, heightPx })
        if (shot.errors.length > 0) return report({}, [`the page reported: ${shot.errors[0]}`])
        mkdirSync(dirname(out), { recursive: true })
        const kind = /\.jpe?g$/i.test(out) ? ({ type: 'jpeg', quality: JPEG_QUALITY } as const) : {}
        const bytes = await shot.page.screenshot({ timeout: 120_000, ...kind })
        writeFileSync(out, bytes)
        invocation.progress(3, 3, 'drawn')
        return report({
          file: { value: out, unit: '' },
          bytes: { value: bytes.length, unit: 'B' },
          drawCalls: { value: shot.info.drawCalls, unit: '' },
          triangles: { value: shot.info.triangles, unit: '' },
        })
      } finally {
        await browser.close()
      }
    } finally {
      await harness.close()
    }
  },
}

function sizeOf(text: string): { widthPx: number; heightPx: number } {
  const found = /^(\d+)x(\d+)$/.exec(text)
  const widthPx = Number(found?.[1])
  const heightPx = Number(found?.[2])
  if (found === null || widthPx < 16 || heightPx < 16 || widthPx > SIDE_MAX_PX || heightPx > SIDE_MAX_PX)
    throw new UsageError(`--size ${text}: say it as 1280x720, each side 16 to ${SIDE_MAX_PX} pixels`)
  return { widthPx, heightPx }
}

function oneOf(option: string, allowed: readonly string[], text: string): string {
  if (!allowed.includes(text)) throw new UsageError(`--${option} ${text}: must be one of ${allowed.join(', ')}`)
  return text
}
