import { expect, test } from 'vitest'
import { openMulticast } from './multicast.ts'
import { MulticastBus } from './multicast-bus.ts'

const QUESTION = { questions: [{ name: 'x.local', type: 'PTR' }] }

test('[B71] every network is asked and heard, those that come later too; those that go are left', async () => {
  const buses = new Map(['10.0.0.2', '192.168.1.2'].map((address) => [address, new MulticastBus()]))
  let here: readonly string[] = ['10.0.0.2']
  const closed: string[] = []
  const mdns = openMulticast(
    () => here,
    (address: string) => {
      const end = buses.get(address)!.join()
      return { ...end, destroy: (done?: () => void) => (closed.push(address), end.destroy(done)) }
    },
  )
  const heard: string[] = []
  mdns.on('response', ({ answers }: { readonly answers: readonly { readonly name: string }[] }) =>
    heard.push(answers[0]!.name),
  )
  const answer = (address: string): void =>
    buses
      .get(address)!
      .join()
      .respond({ answers: [{ name: address, type: 'A', data: address }] })
  mdns.query(QUESTION)
  here = ['10.0.0.2', '192.168.1.2']
  mdns.query(QUESTION)
  expect([...buses.values()].map((bus) => bus.queries.length)).toEqual([2, 1])
  answer('10.0.0.2')
  answer('192.168.1.2')
  expect(heard).toEqual(['10.0.0.2', '192.168.1.2'])
  here = ['192.168.1.2']
  mdns.query(QUESTION)
  answer('10.0.0.2')
  expect([...buses.values()].map((bus) => bus.queries.length)).toEqual([2, 2])
  expect([heard.length, closed]).toEqual([2, ['10.0.0.2']])
  await new Promise<void>((resolve) => mdns.destroy(resolve))
  expect(closed).toEqual(['10.0.0.2', '192.168.1.2'])
})
