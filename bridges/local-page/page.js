// The bridge's local page: shows what the bridge tells (bridges/bridge-state.ts), asks what a rider presses. Plain JavaScript,
// for it is served as it is.

/** @typedef {import('../bridge-state.ts').BridgeState} BridgeState */

const RETRY_MS = 1000
const COMPLAINT_MS = 6000
const CARRIERS = { bluetooth: 'Bluetooth', network: 'network', ant: 'ANT+', simulated: 'simulated' }

// Behind the #: it never leaves the browser but in our own header. Reloading keeps it.
const token = location.hash.slice(1)

const one = (/** @type {string} */ selector, /** @type {ParentNode} */ root = document) =>
  /** @type {any} */ (root.querySelector(selector))
const text = (/** @type {any} */ element, /** @type {string} */ words) => {
  if (element.textContent !== words) element.textContent = words
}

/** @type {BridgeState | undefined} */
let state
let complaintTimer = 0

/** @param {object} command */
async function ask(command) {
  try {
    const answer = await fetch('/command', {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(command),
    })
    if (!answer.ok) complain((await answer.json()).message)
  } catch {
    lost(true) // The stream says the same in a moment, and comes back by itself.
  }
}

/** @param {string} sentence */
function complain(sentence) {
  const box = one('#complaint')
  text(box, sentence)
  box.hidden = false
  clearTimeout(complaintTimer)
  complaintTimer = setTimeout(() => (box.hidden = true), COMPLAINT_MS)
}

/** @param {boolean} isLost */
function lost(isLost, words = 'Is it still running? This page goes on by itself when it is back.') {
  text(one('#lost span'), words)
  one('#lost').hidden = !isLost
}

/** The state, as it changes; again and again when the bridge has gone. */
async function listen() {
  for (;;) {
    try {
      const answer = await fetch('/state', { headers: { authorization: `Bearer ${token}` } })
      if (!answer.ok || answer.body === null) {
        const { message } = await answer.json()
        lost(true, message)
      } else {
        lost(false)
        await read(answer.body.pipeThrough(new TextDecoderStream()).getReader())
        lost(true)
      }
    } catch {
      lost(true)
    }
    await new Promise((resolve) => setTimeout(resolve, RETRY_MS))
  }
}

/** @param {ReadableStreamDefaultReader<string>} reader */
async function read(reader) {
  let held = ''
  for (;;) {
    const { value, done } = await reader.read()
    if (done) return
    const events = (held + value).split('\n\n')
    held = events.pop() ?? ''
    const last = events.findLast((event) => event.startsWith('data: '))
    if (last !== undefined) show(JSON.parse(last.slice('data: '.length)))
  }
}

/** @param {BridgeState} next */
function show(next) {
  state = next
  const { legs, server, riderName, said } = next
  text(one('#rider'), riderName ?? 'Your legs')
  level(one('#server'), server)
  one('#watch').hidden = riderName === undefined
  for (const box of document.querySelectorAll('[data-quantity]')) showNumber(box, legs)
  showTrainer(legs.trainer)
  showCalibration(legs.calibration)
  showDevices(legs.devices)
  showSaid(said)
}

/** @param {any} element @param {{ level: string, words: string }} what */
function level(element, what) {
  element.dataset.level = what.level
  text(one('span', element), what.words)
}

/** @param {any} box @param {BridgeState['legs']} legs */
function showNumber(box, legs) {
  const { quantity } = box.dataset
  const source = legs.sources.find((each) => each.quantity === quantity)
  const device = /** @type {any} */ (legs.devices.find(({ id }) => id === source?.deviceId))
  const value = device?.[quantity]
  text(one('b', box), value === undefined ? '–' : String(Math.round(value)))
  const select = one('select', box)
  const options = [['', device === undefined ? 'the best there is' : `best: ${device.name}`]]
  for (const each of legs.devices) options.push([each.id, each.name])
  const key = JSON.stringify(options)
  if (select.dataset.key !== key && document.activeElement !== select) {
    select.dataset.key = key
    select.replaceChildren(...options.map(([id, name]) => new Option(name, id)))
  }
  if (document.activeElement !== select) select.value = source?.chosenId ?? ''
  one('label', box).style.visibility = legs.devices.length === 0 ? 'hidden' : 'visible'
}

/** @param {BridgeState['legs']['trainer']} trainer */
function showTrainer(trainer) {
  one('#trainer').hidden = trainer === undefined
  if (trainer === undefined) return
  level(one('#trainer-words'), trainer)
  for (const button of document.querySelectorAll('[data-mode]'))
    button.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.mode === trainer.mode))
  for (const knob of document.querySelectorAll('.knob'))
    /** @type {HTMLElement} */ (knob).hidden = /** @type {HTMLElement} */ (knob).dataset.for !== trainer.mode
  text(one('#target'), trainer.targetW === undefined ? '–' : `${Math.round(trainer.targetW)} W`)
  const difficulty = one('#difficulty')
  const percent = Math.round(trainer.difficulty * 100)
  if (document.activeElement !== difficulty || !difficulty.matches(':active')) difficulty.value = String(percent)
  text(one('#difficulty-words'), `${percent} %`)
  text(one('#resistance-words'), `${one('#resistance').value} %`)
  const { gear, gearRatio } = trainer
  text(
    one('#gear'),
    gear === undefined ? 'none' : `${gear}${gearRatio === undefined ? '' : ` · ${gearRatio.toFixed(2)}`}`,
  )
  text(one('#gears'), gear === undefined ? 'Use virtual gears' : 'No virtual gears')
}

/** @param {BridgeState['legs']['calibration']} calibration */
function showCalibration(calibration) {
  one('#calibration').hidden = calibration === undefined
  if (calibration === undefined) return
  level(one('#calibration .state'), calibration)
  const { targetKmh, speedKmh } = calibration
  const goal = targetKmh === undefined ? '' : ` · goal ${targetKmh.low.toFixed(0)}–${targetKmh.high.toFixed(0)} km/h`
  text(one('#calibration-speed'), speedKmh === undefined ? '' : `${speedKmh.toFixed(1)} km/h${goal}`)
}

/** @param {BridgeState['legs']['devices']} devices */
function showDevices(devices) {
  const list = one('#devices')
  one('#no-devices').hidden = devices.length > 0
  const known = new Map([...list.children].map((row) => [row.dataset.id, row]))
  for (const device of devices) {
    const row = known.get(device.id) ?? newRow(device.id)
    known.delete(device.id)
    if (row.parentNode === null) list.append(row)
    row.dataset.level = device.level
    text(one('.name', row), device.name)
    text(one('.live', row), liveOf(device))
    const battery = device.batteryPercent === undefined ? '' : ` · battery ${device.batteryPercent} %`
    text(one('.words', row), `${CARRIERS[device.carrier]} · ${device.words}${battery}`)
    one('.calibrate', row).hidden = !device.canCalibrate
  }
  for (const row of known.values()) row.remove()
}

/** @param {string} id */
function newRow(id) {
  const row = document.createElement('li')
  row.dataset.id = id
  const part = (/** @type {string} */ tag, /** @type {string} */ name, words = '') => {
    const element = document.createElement(tag)
    element.className = name
    element.textContent = words
    return element
  }
  const tools = part('div', 'tools')
  const calibrate = part('button', 'calibrate quiet', 'Calibrate')
  calibrate.addEventListener('click', () => void ask({ ask: 'calibrate', deviceId: id }))
  const forget = part('button', 'forget quiet', 'Forget')
  forget.addEventListener('click', () => void ask({ ask: 'forget', deviceId: id }))
  tools.append(calibrate, forget)
  row.append(document.createElement('i'), part('b', 'name'), part('span', 'live'), part('p', 'words'), tools)
  return row
}

/** @param {BridgeState['legs']['devices'][number]} device */
function liveOf({ powerW, cadenceRpm, heartRateBpm }) {
  const parts = [
    powerW === undefined ? '' : `${Math.round(powerW)} W`,
    cadenceRpm === undefined ? '' : `${Math.round(cadenceRpm)} rpm`,
    heartRateBpm === undefined ? '' : `${Math.round(heartRateBpm)} bpm`,
  ]
  return parts.filter((part) => part !== '').join(' · ')
}

/** @param {readonly string[]} said */
function showSaid(said) {
  const list = one('#said')
  const key = said.join('\n')
  if (list.dataset.key === key) return
  list.dataset.key = key
  list.replaceChildren(
    ...said.toReversed().map((sentence) => {
      const line = document.createElement('li')
      line.textContent = sentence
      return line
    }),
  )
}

for (const button of document.querySelectorAll('[data-mode]'))
  button.addEventListener(
    'click',
    () => void ask({ ask: 'mode', mode: /** @type {HTMLElement} */ (button).dataset.mode }),
  )
for (const button of document.querySelectorAll('[data-target]'))
  button.addEventListener('click', () => {
    const from = state?.legs.trainer?.targetW ?? 150
    void ask({ ask: 'target', targetW: from + Number(/** @type {HTMLElement} */ (button).dataset.target) })
  })
for (const button of document.querySelectorAll('[data-shift]'))
  button.addEventListener(
    'click',
    () => void ask({ ask: 'shift', by: Number(/** @type {HTMLElement} */ (button).dataset.shift) }),
  )
for (const box of document.querySelectorAll('[data-quantity]'))
  one('select', box).addEventListener('change', (/** @type {any} */ event) => {
    const { quantity } = /** @type {HTMLElement} */ (box).dataset
    const deviceId = event.target.value
    void ask(deviceId === '' ? { ask: 'source', quantity } : { ask: 'source', quantity, deviceId })
    event.target.blur()
  })
one('#gears').addEventListener('click', () => void ask({ ask: 'gears', isOn: state?.legs.trainer?.gear === undefined }))
one('#difficulty').addEventListener(
  'change',
  (/** @type {any} */ event) => void ask({ ask: 'difficulty', share: event.target.value / 100 }),
)
one('#resistance').addEventListener(
  'change',
  (/** @type {any} */ event) => void ask({ ask: 'resistance', share: event.target.value / 100 }),
)
one('#watch').addEventListener('click', async () => {
  // Opened at once, or the browser takes it for one that nobody asked for; the address comes behind.
  const seen = open('about:blank', '_blank')
  const answer = await fetch('/watch', { method: 'POST', headers: { authorization: `Bearer ${token}` } }).catch(
    () => undefined,
  )
  const told = await answer?.json()
  if (answer?.ok === true && seen !== null) seen.location = told.address
  else {
    seen?.close()
    complain(told?.message ?? 'The bridge does not answer.')
  }
})
one('#stop-calibrating').addEventListener('click', () => void ask({ ask: 'stop-calibrating' }))
document.addEventListener('keydown', (event) => {
  if (event.target !== document.body || event.ctrlKey || event.metaKey || event.altKey) return
  const by = { '+': 1, '-': -1 }[event.key]
  if (by !== undefined) void ask({ ask: 'shift', by })
})

if (token === '') lost(true, 'Open the address that the bridge printed, with all that is behind the #.')
else void listen()
