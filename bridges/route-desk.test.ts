import { expect, test } from 'vitest'
import { OWN_FLAG_BOUND } from '#protocol/own'
import { RouteDesk } from './route-desk.ts'

const ROUTES = [
  { id: 'ring', name: 'The Ring' },
  { id: 'coast', name: 'Coast Road' },
]

function desk(routes: typeof ROUTES | undefined = ROUTES) {
  const said: string[] = []
  const wished: string[] = []
  const clock = { ms: 0 }
  const it = new RouteDesk({
    door: { routes: (mapId) => Promise.resolve(mapId === 'town' ? routes : []) },
    nowMs: () => clock.ms,
    say: (sentence) => void said.push(sentence),
    wish: (routeId) => void wished.push(routeId),
  })
  return { it, said, wished, clock }
}

test('[B117] a route that the world does not have is refused with the names of those it has, and not wished for', async () => {
  const { it, wished } = desk()
  expect(await it.choose('rign', 'town')).toBe('There is no route "rign" here; there are ring, coast.')
  expect(wished).toEqual([])
})

test('[B117] a route is told by name when the server has put the rider on it, once', async () => {
  const { it, said, wished } = desk()
  expect(await it.choose('coast', 'town')).toBeUndefined()
  expect(wished).toEqual(['coast'])
  it.own({ route: 0, flags: 0 })
  it.own({ route: 2, flags: 0 })
  it.own({ route: 2, flags: 0 })
  expect(said).toEqual(['route: Coast Road'])
})

test('[B117] a route that does not lead by here is said to be one, three seconds after the server first spoke', async () => {
  const { it, said, clock } = desk()
  await it.choose('ring', 'town')
  clock.ms = 60_000 // Nobody answers for a minute: that says nothing of the route.
  it.own({ route: 0, flags: 0 })
  clock.ms += 2999
  it.own({ route: 0, flags: 0 })
  expect(said).toEqual([])
  clock.ms += 1
  it.own({ route: 0, flags: 0 })
  expect(said).toEqual(['The Ring does not lead by here; ride to one of its roads, then choose it again.'])
})

test('[B117] in a race the route is the race’s', async () => {
  const { it, said } = desk()
  await it.choose('ring', 'town')
  it.own({ route: 2, flags: OWN_FLAG_BOUND })
  expect(said).toEqual(['A race stays on its route.'])
})

test('[B117] a server that does not say its routes is asked for the one that was named', async () => {
  const { it, wished } = desk()
  const silent = new RouteDesk({
    ...{ door: { routes: () => Promise.resolve(undefined) }, nowMs: () => 0, say: () => {} },
    wish: (routeId) => void wished.push(routeId),
  })
  expect(await silent.choose('anything', 'town')).toBeUndefined()
  expect(await it.choose('', 'town')).toBeUndefined()
  expect(wished).toEqual(['anything', ''])
})
