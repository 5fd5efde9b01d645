import type { Browser } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, inject, test } from 'vitest'
import { launchChromium } from '#test/support/chromium'
import { closePages, openPage, rideSimulated, untilOverWebRtc } from '#test/support/rider-page'

const url = `${inject('serverUrl')}/?quality=test`
let browser: Browser
beforeAll(async () => {
  browser = await launchChromium()
})
afterEach(closePages)
afterAll(async () => {
  await browser?.close()
})

test('[B1] one click from the name to a moving ride, over WebRTC, among pacers who move too', async () => {
  const rider = await openPage(browser, url)
  const first = await untilOverWebRtc(rider, await rideSimulated(rider, 'Ada'))
  const bots = new Set(first.roster.flatMap(({ id, isBot }) => (isBot ? [id] : [])))
  const later = await rider.until(
    'Ada and the pacers have moved ten metres, her legs seen',
    ({ riders }) =>
      // A page on a busy machine may hold its breath for longer than the server holds its watts.
      riders[0]!.powerW > 0 &&
      riders.every((one, row) => {
        if (row > 0 && !bots.has(one.id)) return true // Left standing by another test.
        const before = first.riders.find(({ id }) => id === one.id)
        return before !== undefined && one.distanceM > before.distanceM + 10
      }),
  )
  expect(later.carrier).toBe('webrtc')
  expect(later.riders.length).toBeGreaterThanOrEqual(4)
  expect(later.roster.filter(({ isBot }) => isBot)).toHaveLength(3)
  expect(bots.size).toBe(3)
  expect(later.roster.find(({ id }) => id === later.riders[0]!.id)?.name).toBe('Ada')
  expect(later.riders[0]).toMatchObject({ powerW: 150, cadenceRpm: 85 })
  expect(later.snaps).toBe(0)

  const hud = await rider.page.locator('.ride-hud').innerText()
  expect(hud).toContain('150')
  expect(rider.errors).toEqual([])
  await rider.close()
})

test('[B2] without WebRTC the WebSocket carries the ride within three seconds', async () => {
  const rider = await openPage(browser, url, { initScript: () => Reflect.deleteProperty(window, 'RTCPeerConnection') })
  const state = await rideSimulated(rider, 'Bo')
  expect(state.carrier).toBe('websocket')
  expect(state.ridingAfterMs).toBeLessThan(3000)
  await rider.close()
})

test('[B3] where WebRTC finds no way through, the WebSocket is riding within three seconds of asking', async () => {
  // Candidates that lead nowhere: the answer arrives, the packets never do.
  const rider = await openPage(browser, url, {
    initScript: () => {
      const prototype = RTCPeerConnection.prototype as {
        setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void>
      }
      const connect = prototype.setRemoteDescription
      prototype.setRemoteDescription = async function ({ type, sdp = '' }) {
        await connect.call(this, { type, sdp: sdp.replace(/^a=candidate.*\r?\n/gm, '') })
      }
    },
  })
  const state = await rideSimulated(rider, 'Cy')
  expect(state.carrier).toBe('websocket')
  expect(state.ridingAfterMs).toBeLessThan(3000)
  await rider.close()
})

test('[B4] a second browser sees the first rider’s exact watts, and the keys change them', async () => {
  const [one, two] = await Promise.all([openPage(browser, url), openPage(browser, url)])
  const { riders } = await rideSimulated(one, 'Dora')
  await rideSimulated(two, 'Eve')
  const id = riders[0]!.id
  for (let i = 0; i < 7; i++) await one.page.keyboard.press('ArrowUp')
  const seen = await two.until('Dora at 220 W', (state) => state.riders.find((r) => r.id === id)?.powerW === 220)
  expect(seen.roster.find((entry) => entry.id === id)?.name).toBe('Dora')
  await one.until('her own page says so too', (state) => state.riders[0]!.powerW === 220)
  await Promise.all([one.close(), two.close()])
})

test('[B5] a reload comes back as the same rider, and leaving tells what the ride came to', async () => {
  const rider = await openPage(browser, url)
  const before = await rideSimulated(rider, 'Flo')
  await rider.page.reload()
  const after = await rider.until('riding again', (state) => state.frames > 0)
  expect(after.riders[0]!.id).toBe(before.riders[0]!.id)
  expect(after.name).toBe('Flo')
  await rider.until('a metre on', (state) => state.riders[0]!.distanceM > after.riders[0]!.distanceM + 1)
  await rider.page.getByRole('button', { name: 'Menu' }).click()
  await rider.page.getByRole('button', { name: 'Leave the ride' }).click()
  await rider.page.getByRole('heading', { name: 'Good ride, Flo.' }).waitFor()
  expect(await rider.page.locator('dl').innerText()).toMatch(/Highest power\s+150 W/)
  await rider.close()
})

test('[B6] a pairing code shows the same rider on another screen, in a picture of a world', async () => {
  const rider = await openPage(browser, url)
  const { riders } = await rideSimulated(rider, 'Gil')
  await rider.page.getByRole('button', { name: 'Menu' }).click()
  await rider.page.getByRole('button', { name: 'Let a bridge pedal for me' }).click()
  const code = (await rider.page.locator('.bridge-code').innerText()).trim()
  expect(code).toMatch(/^[A-Z0-9]{6}$/)
  const screen = await openPage(browser, `${url}&code=${code}`, {
    viewport: { width: 640, height: 360 },
    isDrawn: true,
  })
  const watched = await screen.until('Gil’s watts', (state) => state.riders[0]?.powerW === 150)
  expect(watched.riders[0]!.id).toBe(riders[0]!.id)
  expect(await distinctColours(await screen.page.locator('canvas').first().screenshot())).toBeGreaterThan(100)
  await screen.page.reload()
  const again = await screen.until('Gil’s watts once more', (state) => state.riders[0]?.powerW === 150)
  expect(again.riders[0]!.id).toBe(riders[0]!.id)
  await Promise.all([rider.close(), screen.close()])
})

test('[B16] who takes the legs elsewhere goes on seeing the ride, and may take them back', async () => {
  const rider = await openPage(browser, url)
  const { riders } = await rideSimulated(rider, 'Hal')
  const saved = await rider.page.evaluate(() => sessionStorage.getItem('gruppetto.rider'))
  const other = await openPage(browser, url)
  await other.page.evaluate((text) => sessionStorage.setItem('gruppetto.rider', text!), saved)
  await other.page.reload()
  await other.until('riding as Hal', (state) => state.frames > 0 && state.connection === 'riding')
  const seen = await rider.until(
    'the first page looks on',
    (state) => /bridge/i.test(state.trainer) && state.frames > 0,
  )
  expect(seen.riders[0]!.id).toBe(riders[0]!.id)
  await rider.page.getByRole('button', { name: 'Menu' }).click()
  await rider.page.getByRole('button', { name: 'Pedal here again' }).click()
  await rider.until('pedalling here', (state) => state.trainer === 'Simulated trainer' && state.connection === 'riding')
  await other.until('the other page looks on', (state) => /bridge/i.test(state.trainer))
  await Promise.all([rider.close(), other.close()])
})

/** Of a PNG, without decoding it by hand: the browser counts. */
async function distinctColours(png: Buffer): Promise<number> {
  const page = await browser.newPage()
  const count = await page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const canvas = new OffscreenCanvas(image.width, image.height)
    const context = canvas.getContext('2d')!
    context.drawImage(image, 0, 0)
    const { data } = context.getImageData(0, 0, image.width, image.height)
    const seen = new Set<number>()
    for (let i = 0; i < data.length; i += 4) seen.add((data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!)
    return seen.size
  }, png.toString('base64'))
  await page.close()
  return count
}
