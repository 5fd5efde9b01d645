import { expect, test } from 'vitest'
import { advertisementOf, DIRCON_SERVICE, OPEN_BIKE_CONTROL, trainersIn } from './mdns-records.ts'

// No multicast here: what is said and what is read are plain values.
const TRAINER = {
  name: 'Gruppetto trainer',
  port: 36_999,
  addresses: ['192.168.1.40'],
  services: ['0x1826', '0x1818'],
  serialNumber: '1',
}

test('what is advertised is what is found, with the port of the SRV record', () => {
  expect(trainersIn(advertisementOf(TRAINER))).toEqual([
    {
      ...{ name: 'Gruppetto trainer', host: '192.168.1.40', port: 36_999 },
      ...{ id: 'dircon:1', services: ['1826', '1818'], isLeaving: false },
    },
  ])
})

test('an advertisement names its services and its address in the form apps read', () => {
  const text = advertisementOf(TRAINER).additionals!.find((record: { type: string }) => record.type === 'TXT')!
  expect(text.data).toEqual(['ble-service-uuids=0x1826,0x1818', 'mac-address=02-00-00-00-00-01', 'serial-number=1'])
})

test('answers about other services, or with nonsense in them, find nobody', () => {
  const name = `x.${DIRCON_SERVICE}`
  expect(
    trainersIn({ answers: [{ name: 'x._http._tcp.local', type: 'SRV', data: { port: 80, target: 'x.local' } }] }),
  ).toEqual([])
  expect(trainersIn({ answers: [{ name, type: 'SRV', data: { port: 'many', target: 7 } }] })).toEqual([])
  for (const data of [null, undefined, 7, ''])
    expect(trainersIn({ answers: [{ name, type: 'SRV', data }] })).toEqual([])
  expect(trainersIn({})).toEqual([])
})

test('[B89] buttons are found by their own service, and are no trainer', () => {
  const instance = `Levers.${OPEN_BIKE_CONTROL.name}`
  const answers = [
    { name: instance, type: 'SRV', data: { port: 36867, target: 'levers.local' } },
    { name: instance, type: 'TXT', data: ['serial-number=77'] },
    { name: 'levers.local', type: 'A', data: '192.0.2.9' },
  ]
  expect(trainersIn({ answers }, OPEN_BIKE_CONTROL)).toMatchObject([
    { id: 'obc:77', name: 'Levers', host: '192.0.2.9', port: 36867 },
  ])
  expect(trainersIn({ answers })).toEqual([])
})

test('[B145] a name that would move a terminal is plain words, and texts beyond measure are cut', () => {
  const name = `A\u001b]0;evil\u0007\n.${DIRCON_SERVICE}`
  const text = Array.from({ length: 5000 }, (_, i) => `key${i}=${'x'.repeat(60_000)}`)
  const answers = [
    { name, type: 'TXT', data: [`serial-number=${'9'.repeat(60_000)}`, ...text] },
    { name, type: 'SRV', data: { port: 80, target: 'x.local' } },
  ]
  const [found] = trainersIn({ answers })
  expect(found!.name).toBe('A ]0;evil')
  expect(found!.id.length).toBeLessThan(210)
})
