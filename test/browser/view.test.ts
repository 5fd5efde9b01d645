import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { hudContrast } from '#cli/hud-contrast'
import { sum, weighClient } from '#cli/client-weight'
import {
  buildHarness,
  findChromium,
  launchChromium,
  NO_CHROMIUM,
  openShot,
  type BuiltHarness,
  type OpenShot,
} from '#cli/picture-harness'
import { decodePng, type Picture } from './png.ts'

const SLOW_MS = 120_000
/** Issue 6 wants 250 kB; what is still too much stands in docs/client.md. */
const RIDE_BYTES_MAX = 305_000
let harness: BuiltHarness
let browser: Browser

beforeAll(async () => {
  const chromium = findChromium(process.env['PATH'] ?? '')
  if (chromium === undefined) throw new Error(`The picture cannot be tested: ${NO_CHROMIUM}.`)
  harness = await buildHarness()
  browser = await launchChromium(chromium)
}, SLOW_MS)

afterAll(async () => {
  await browser?.close()
  await harness?.close()
})

const RIDE = 'quality=test&riders=8&at=700'

describe('the picture', () => {
  it(
    'two launches of the browser draw the same bytes, HUD included',
    async () => {
      const first = await openShot(browser, harness, { query: RIDE, widthPx: 480, heightPx: 270 })
      const a = await first.page.screenshot()
      await first.page.close()
      const other = await launchChromium(findChromium(process.env['PATH'] ?? '')!)
      try {
        const second = await openShot(other, harness, { query: RIDE, widthPx: 480, heightPx: 270 })
        const b = await second.page.screenshot()
        expect(b.equals(a)).toBe(true)
        expect([...first.errors, ...second.errors]).toEqual([])
      } finally {
        await other.close()
      }
    },
    SLOW_MS,
  )

  it(
    'is not blank: blue above, grey road below, green beside it, many colours, another moment is another picture',
    async () => {
      const shot = await openShot(browser, harness, { query: `${RIDE}&bare`, widthPx: 480, heightPx: 270 })
      const picture = decodePng(await shot.page.screenshot())
      const later = await openShot(browser, harness, { query: `${RIDE}&bare&t=4`, widthPx: 480, heightPx: 270 })
      const laterPicture = decodePng(await later.page.screenshot())
      await shot.page.close()
      await later.page.close()
      expect(shot.errors).toEqual([])
      expect(coloursIn(picture)).toBeGreaterThan(2000)
      const sky = share(picture, [0.05, 0.02, 0.95, 0.3], ([r, g, b]) => b > 140 && b >= r - 12 && b >= g - 12)
      const road = share(
        picture,
        [0.3, 0.8, 0.7, 1],
        ([r, g, b]) => Math.max(r, g, b) - Math.min(r, g, b) < 34 && r < 190,
      )
      const grass = share(picture, [0.75, 0.5, 1, 0.75], ([r, g, b]) => g > b + 20 && g > r - 25)
      expect({ sky: sky > 0.6, road: road > 0.5, grass: grass > 0.6 }).toEqual({ sky: true, road: true, grass: true })
      expect(differing(picture, laterPicture)).toBeGreaterThan(20)
    },
    SLOW_MS,
  )

  it(
    '300 riders at the highest quality stay within 60 draw calls and 1.2 million triangles, shadows counted, over the village',
    async () => {
      const query = 'quality=high&riders=300&at=12590&camera=helicopter&bare'
      const { info, errors, page } = await openShot(browser, harness, { query, widthPx: 160, heightPx: 90 })
      await page.close()
      expect(errors).toEqual([])
      expect(info.drawCalls).toBeGreaterThan(10)
      expect(info.drawCalls).toBeLessThanOrEqual(60)
      expect(info.triangles).toBeLessThanOrEqual(1_200_000)
    },
    SLOW_MS,
  )
})

describe('the graphics card', () => {
  it(
    '[V92] taken away while one rides through rain at night, and given back, it draws the same picture again',
    async () => {
      // What comes late (rain, lamps) is there, riders are instances, roads and fields are textures.
      const query = 'quality=low&riders=8&at=700&bare&hour=0.5&rain=0.9'
      const shot = await openShot(browser, harness, { query, widthPx: 200, heightPx: 112 })
      // Plants near and far are chosen anew over several frames: a moment's picture is whole after them.
      await shot.page.evaluate('for (let i = 0; i < 12; i++) harness.draw(3)')
      const before = await shot.page.screenshot()
      const lost = await shot.page.evaluate(`(async () => {
        const canvas = document.querySelector('canvas')
        const gl = canvas.getContext('webgl2')
        const card = gl.getExtension('WEBGL_lose_context')
        const heard = (name) => new Promise((resolve) => canvas.addEventListener(name, resolve, { once: true }))
        const gone = heard('webglcontextlost')
        card.loseContext()
        await gone
        // Nothing to draw on, and no reason to fall over: the ride goes on, and other ground comes in.
        for (let i = 0; i < 12; i++) harness.draw(3 + i / 2)
        const isLost = gl.isContextLost()
        const back = heard('webglcontextrestored')
        await new Promise((resolve) => setTimeout(resolve, 50))
        card.restoreContext()
        await back
        for (let i = 0; i < 3; i++) harness.draw(9)
        for (let i = 0; i < 12; i++) harness.draw(3)
        return isLost
      })()`)
      expect(lost).toBe(true)
      const after = await shot.page.screenshot()
      await shot.page.close()
      expect(after.equals(before)).toBe(true)
      expect(shot.errors.filter((words) => !/context lost/i.test(words))).toEqual([])
    },
    SLOW_MS,
  )
})

describe('the HUD', () => {
  const SIZES = [
    ['desktop', 1280, 720],
    ['phone upright', 390, 844],
    ['phone lying', 844, 390],
    ['small window', 960, 540],
    ['large window', 1920, 1080],
    ['tablet upright', 820, 1180],
    ['small phone upright', 320, 640],
    ['small phone lying', 640, 360],
  ] as const

  let shot: OpenShot
  beforeAll(async () => {
    const query = 'quality=test&riders=40&at=8000&code=WWMMWW&banner=Start%20in%200:42'
    shot = await openShot(browser, harness, { query, widthPx: 390, heightPx: 390 })
  }, SLOW_MS)
  afterAll(() => shot?.page.close())

  it.each(SIZES)(
    '[U40] %s: nothing is clipped, wrapped or outside, no panels overlap, power is at least 6 percent of the height',
    async (_name, width, height) => {
      await shot.page.setViewportSize({ width, height })
      const found = await layoutOf(shot)
      expect(found.panels).toBeGreaterThanOrEqual(6)
      expect(found.complaints).toEqual([])
      // Digits are about 0.73 of the font's size tall.
      expect(found.wattsPx * 0.73).toBeGreaterThanOrEqual(height * 0.06)
    },
    SLOW_MS,
  )

  it(
    '[U41] text on its panel has a contrast of 4.5 over the brightest and the darkest view; bare, all but the watts is gone',
    async () => {
      const colours = (await shot.page.evaluate(`(() => {
        const out = []
        const isClear = (color) => color === 'rgba(0, 0, 0, 0)'
        for (const panel of document.querySelectorAll('.hud .panel'))
          for (const element of [panel, ...panel.querySelectorAll('span, div, td, th, caption, b')]) {
            if (element.textContent.trim() === '') continue
            let behind = element
            while (isClear(getComputedStyle(behind).backgroundColor)) behind = behind.parentElement
            out.push([getComputedStyle(behind).backgroundColor, getComputedStyle(element).color])
          }
        return out
      })()`)) as [string, string][]
      expect(colours.length).toBeGreaterThan(20)
      for (const [panel, text] of colours) {
        const [r, g, b, alpha = 1] = numbers(panel)
        expect(alpha).toBeGreaterThanOrEqual(0.72)
        for (const view of [255, 0]) {
          const over = [r!, g!, b!].map((channel) => channel * alpha + view * (1 - alpha))
          expect(contrast(over, numbers(text))).toBeGreaterThanOrEqual(4.5)
        }
      }
      // And with the pixels that are really there, rims and pictures in panels among them.
      await shot.page.setViewportSize({ width: 960, height: 540 })
      const { least, text, texts } = await hudContrast(shot.page)
      expect(texts).toBeGreaterThan(40)
      expect(least, text).toBeGreaterThanOrEqual(4.5)
      const left = await shot.page.evaluate(`(() => {
        document.querySelector('.hud').classList.add('is-bare')
        const seen = [...document.querySelectorAll('.hud .panel')].filter((p) => p.getClientRects().length > 0)
        const text = seen.map((p) => p.innerText).join(' ')
        document.querySelector('.hud').classList.remove('is-bare')
        return [seen.map((p) => p.className), text]
      })()`)
      expect(left).toEqual([['panel hud-power', 'panel hud-banner'], expect.stringMatching(/^247\s+W/)])
    },
    SLOW_MS,
  )
})

describe('the weight', () => {
  it(
    '[V88] from the first address to riding no more script is fetched than docs/client.md says, and not one picture, font or model',
    async () => {
      const { ride, falls, assets, phone } = await weighClient()
      expect([...assets.keys()].filter((name) => !/icon/.test(name))).toEqual([])
      expect(sum(assets)).toBeLessThanOrEqual(150_000)
      expect(sum(ride)).toBeGreaterThan(100_000)
      expect(sum(ride)).toBeLessThanOrEqual(RIDE_BYTES_MAX)
      // Pages that draw no world ask for nothing of one.
      expect(sum(phone)).toBeLessThanOrEqual(90_000)
      // Rigid bodies come with the first fall.
      expect(sum(falls)).toBeGreaterThan(20_000)
    },
    SLOW_MS,
  )
})

function coloursIn(picture: Picture): number {
  const seen = new Set<number>()
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const [r, g, b] = picture.at(x, y)
      seen.add((r << 16) | (g << 8) | b)
    }
  }
  return seen.size
}

/** Share of the pixels in a box (shares of width and height) that pass. */
function share(
  picture: Picture,
  [left, top, right, bottom]: readonly [number, number, number, number],
  pass: (pixel: readonly [number, number, number]) => boolean,
): number {
  let all = 0
  let passed = 0
  for (let y = Math.floor(top * picture.height); y < Math.floor(bottom * picture.height); y++) {
    for (let x = Math.floor(left * picture.width); x < Math.floor(right * picture.width); x++) {
      all++
      if (pass(picture.at(x, y))) passed++
    }
  }
  return passed / all
}

function differing(a: Picture, b: Picture): number {
  let count = 0
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      if (a.at(x, y).some((channel, k) => channel !== b.at(x, y)[k])) count++
    }
  }
  return count
}

async function layoutOf({ page }: OpenShot): Promise<{ panels: number; complaints: string[]; wattsPx: number }> {
  return (await page.evaluate(`(() => {
    const complaints = []
    const seen = [...document.querySelectorAll('.hud .panel')].filter((p) => p.getClientRects().length > 0)
    const name = (e) => e.className || e.tagName
    for (const panel of seen) {
      const box = panel.getBoundingClientRect()
      if (box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight)
        complaints.push(name(panel) + ' leaves the screen')
      for (const element of [panel, ...panel.querySelectorAll('span, div, td, th, table')]) {
        if (element.getClientRects().length === 0) continue
        const { display, textOverflow, overflowX } = getComputedStyle(element)
        // A drawing clips what is moved out of it, words do not.
        if (overflowX === 'clip' && element.textContent === '') continue
        // An ellipsis is meant; ears hear all of what only they are told.
        if (textOverflow === 'ellipsis' || element.closest('.unseen')) continue
        if (element.scrollWidth > element.clientWidth + 1 && display !== 'inline')
          complaints.push(name(element) + ' is wider than its place: ' + element.textContent)
        const own = element.getBoundingClientRect()
        if (own.right > box.right + 0.5 || own.bottom > box.bottom + 0.5)
          complaints.push(name(element) + ' leaves ' + name(panel))
        if (element.children.length === 0 && element.textContent !== '') {
          const lines = own.height / parseFloat(getComputedStyle(element).fontSize)
          if (lines > 2.2) complaints.push(name(element) + ' wraps: ' + element.textContent)
        }
      }
    }
    for (const [i, one] of seen.entries()) for (const other of seen.slice(i + 1)) {
      const a = one.getBoundingClientRect(), b = other.getBoundingClientRect()
      if (a.left < b.right - 0.5 && b.left < a.right - 0.5 && a.top < b.bottom - 0.5 && b.top < a.bottom - 0.5)
        complaints.push(name(one) + ' covers ' + name(other))
    }
    return { panels: seen.length, complaints, wattsPx: parseFloat(getComputedStyle(document.querySelector('.watts')).fontSize) }
  })()`)) as { panels: number; complaints: string[]; wattsPx: number }
}

function numbers(color: string): number[] {
  return [...color.matchAll(/[\d.]+/g)].map(([text]) => Number(text))
}

/** WCAG 2.2, contrast ratio. */
function contrast(a: readonly number[], b: readonly number[]): number {
  const [light, dark] = [luminance(a), luminance(b)].toSorted((x, y) => y - x)
  return (light! + 0.05) / (dark! + 0.05)
}

/** WCAG 2.2, relative luminance. */
function luminance(color: readonly number[]): number {
  const [r, g, b] = color.slice(0, 3).map((channel) => {
    const level = channel / 255
    return level <= 0.04045 ? level / 12.92 : ((level + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!
}
