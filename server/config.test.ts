import { expect, test } from 'vitest'
import { readConfig, SETTINGS, settingsText } from './config.ts'
import { AppError } from './errors.ts'

test('without variables every setting has its default, and the value is frozen', () => {
  const config = readConfig({})
  expect(config).toMatchObject({ dataDir: './data', host: '127.0.0.1', port: 8214, webrtcPort: 8215, pacers: 3 })
  expect(config).toMatchObject({
    udpPort: undefined,
    databaseUrl: undefined,
    origins: [],
    leaveAfterS: 600,
    log: 'info',
  })
  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.origins)).toBe(true)
})

test('an empty variable is the default', () => {
  expect(readConfig({ GRUPPETTO_PORT: ' ', DATABASE_URL: '' })).toEqual(readConfig({}))
})

test.each([
  ['GRUPPETTO_PORT', '82l4', 'GRUPPETTO_PORT must be a whole number from 0 to 65535, but is "82l4".'],
  ['GRUPPETTO_PORT', '65536', 'GRUPPETTO_PORT must be a whole number from 0 to 65535, but is "65536".'],
  ['GRUPPETTO_PORT', '-1', 'GRUPPETTO_PORT must be a whole number from 0 to 65535, but is "-1".'],
  ['GRUPPETTO_PORT', '8e3', 'GRUPPETTO_PORT must be a whole number from 0 to 65535, but is "8e3".'],
  ['GRUPPETTO_HOST', 'a b', 'GRUPPETTO_HOST must be a host name or an IP address, as in 192.168.1.20, but is "a b".'],
  [
    'GRUPPETTO_ADVERTISED_HOST',
    '0.0.0.0',
    'GRUPPETTO_ADVERTISED_HOST must be a name or address that riders can reach; to listen everywhere is GRUPPETTO_HOST, but is "0.0.0.0".',
  ],
  ['GRUPPETTO_ADVERTISED_PORT', '0', 'GRUPPETTO_ADVERTISED_PORT must be a whole number from 1 to 65535, but is "0".'],
  ['GRUPPETTO_LOG', 'loud', 'GRUPPETTO_LOG must be one of silent, error, warn, info, debug, but is "loud".'],
  ['GRUPPETTO_WET', 'maybe', 'GRUPPETTO_WET must be yes or no, but is "maybe".'],
  ['GRUPPETTO_TEMPERATURE_C', '61', 'GRUPPETTO_TEMPERATURE_C must be a whole number from -30 to 50, but is "61".'],
  ['GRUPPETTO_PACERS', '3.5', 'GRUPPETTO_PACERS must be a whole number from 0 to 100, but is "3.5".'],
  [
    'GRUPPETTO_ORIGINS',
    'https://club.example/',
    'GRUPPETTO_ORIGINS must be web origins with commas between, as in https://club.example,http://localhost:8215, but is "https://club.example/".',
  ],
  [
    'DATABASE_URL',
    'mysql://x',
    'DATABASE_URL must be a URL as in postgres://user:password@host:5432/database, but is "mysql://x".',
  ],
])('%s=%s is refused in one sentence that names the setting and the remedy', (variable, value, sentence) => {
  expect(() => readConfig({ [variable]: value })).toThrow(new AppError('ERR_CONFIG', sentence))
})

test('a misspelt setting is refused: it would be silently ignored', () => {
  expect(() => readConfig({ GRUPPETTO_PROT: '1' })).toThrow(/^GRUPPETTO_PROT is not a setting: set GRUPPETTO_PORT /)
  expect(() => readConfig({ GRUPPETTO_ANT_KEY: '1', GRUPPETTO_DEBUG: '1', GRUPPETTO_CLUB_NAME: 'x' })).not.toThrow()
})

test('several origins are a list', () => {
  expect(readConfig({ GRUPPETTO_ORIGINS: 'https://a.example, http://b.example:81' }).origins).toEqual([
    'https://a.example',
    'http://b.example:81',
  ])
})

test('every default passes its own parser, and every row says what it is in a sentence', () => {
  for (const row of SETTINGS) {
    expect(row.parse(row.default), row.variable).toMatchObject({ ok: true })
    expect(row.sentence, row.variable).toMatch(/^[A-Z].*\.$/)
    expect(row.default !== '' || row.absent !== undefined, `${row.variable} says what its absence means`).toBe(true)
    expect(settingsText()).toContain(row.variable)
  }
})
