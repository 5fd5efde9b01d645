import { junction } from './junction.ts'
import { createDice } from './random.ts'
import { RoadPlan, type Road } from './road.ts'
import { shoreAround } from './scenery.ts'
import type { WorldPlan } from './world.ts'

const SEED = 4127

/** An island: a coast road around it, two roads over its hills that meet at a stone cross, a lighthouse at the end of a headland. */
export function gannetholm(): WorldPlan {
  const island = roads()
  // The shore road by the harbour: homewards from the west, and out again; `east` is the arm towards Cuddy.
  const home = (beforeM: number) => ({ road: 'coast-road', from: 'harbour-west', plusM: -beforeM })
  const out = (plusM: number) => ({ road: 'coast-road', from: 'harbour-west', plusM, isAgainst: true })
  const east = (beforeM: number) => ({ road: 'coast-road', from: 'harbour', plusM: -beforeM, isAgainst: true })
  const shearwater = (from: string, plusM: number) => ({ road: 'shearwater-road', from, plusM })
  const shearwaterBack = (from: string, plusM: number) => ({ ...shearwater(from, plusM), isAgainst: true })
  return {
    id: 'gannetholm',
    name: 'Gannetholm',
    roads: island,
    lines: [
      { id: 'start', name: 'Harbour Line', at: home(180) },
      { id: 'west-pier', name: 'West Pier', at: out(120) },
      { id: 'east-pier', name: 'East Pier', at: east(180) },
      { id: 'strand-line', name: 'Strand Line', at: { road: 'cuddy-strand', from: 'cuddy-fork', plusM: 1500 } },
      { id: 'northing-line', name: 'Northing Line', at: { road: 'coast-road', from: 'north-village', plusM: 170 } },
      { id: 'light-line', name: 'The Light', at: { road: 'lighthouse-road', from: 'light-fork', plusM: 1450 } },
    ],
    pens: [
      { id: 'harbour-pen', at: home(185), rows: 50, abreast: 3 },
      { id: 'pier-pen', at: out(115), rows: 25, abreast: 3 },
      { id: 'east-pen', at: east(185), rows: 50, abreast: 3 },
      { id: 'strand-pen', at: { road: 'cuddy-strand', from: 'cuddy-fork', plusM: 1495 }, rows: 40, abreast: 3 },
      { id: 'northing-pen', at: { road: 'coast-road', from: 'north-village', plusM: 165 }, rows: 40, abreast: 3 },
    ],
    spawns: [
      { at: home(260), lateralM: 0.4 },
      { at: { road: 'coast-road', from: 'north-village', plusM: 90 }, lateralM: 0.4 },
    ],
    routes: [
      {
        id: 'round-the-island',
        name: 'Round the Island',
        pen: 'harbour-pen',
        leadIn: ['moor-west', 'harbour'],
        lap: [
          'harbour',
          'cuddy-fork',
          '>coast-road-2',
          'strand-fork',
          'moor-east',
          'north-village',
          'light-fork',
          'moor-west',
          'harbour',
        ],
        isLap: true,
        laps: 2,
        finish: 'start',
      },
      {
        id: 'widdershins',
        name: 'Widdershins',
        pen: 'pier-pen',
        leadIn: ['harbour', 'moor-west'],
        lap: [
          'moor-west',
          'light-fork',
          'north-village',
          'moor-east',
          'strand-fork',
          '<coast-road-2',
          'cuddy-fork',
          'harbour',
          'moor-west',
        ],
        isLap: true,
        laps: 2,
        finish: 'west-pier',
      },
      {
        id: 'shearwater-loop',
        name: 'Shearwater Loop',
        pen: 'harbour-pen',
        leadIn: ['moor-west', 'harbour'],
        lap: ['harbour', 'stone-cross', 'north-village', 'light-fork', 'moor-west', 'harbour'],
        isLap: true,
        laps: 3,
        finish: 'start',
      },
      {
        id: 'heron-loop',
        name: 'Heron Loop',
        pen: 'east-pen',
        leadIn: ['cuddy-fork', 'harbour'],
        lap: ['harbour', 'stone-cross', 'moor-east', 'strand-fork', '<coast-road-2', 'cuddy-fork', 'harbour'],
        isLap: true,
        laps: 3,
        finish: 'east-pier',
      },
      {
        id: 'figure-of-eight',
        name: 'Figure of Eight',
        pen: 'harbour-pen',
        leadIn: ['moor-west', 'harbour'],
        lap: ['harbour', 'stone-cross', 'north-village', 'moor-east', 'stone-cross', 'moor-west', 'harbour'],
        isLap: true,
        laps: 2,
        finish: 'start',
      },
      {
        id: 'moor-and-strand',
        name: 'Moor and Strand',
        pen: 'east-pen',
        leadIn: ['cuddy-fork', 'harbour'],
        lap: [
          'harbour',
          'moor-west',
          'stone-cross',
          'moor-east',
          'strand-fork',
          '<cuddy-strand',
          'cuddy-fork',
          'harbour',
        ],
        isLap: true,
        laps: 2,
        finish: 'east-pier',
      },
      {
        id: 'peat-cutters',
        name: 'Peat Cutters’ Round',
        pen: 'harbour-pen',
        leadIn: ['moor-west', 'harbour'],
        lap: ['harbour', 'stone-cross', 'moor-west', 'harbour'],
        isLap: true,
        laps: 4,
        finish: 'start',
      },
      {
        id: 'cuddy-strand',
        name: 'Cuddy Strand Circuit',
        pen: 'strand-pen',
        leadIn: ['>cuddy-strand'],
        lap: ['strand-fork', '<coast-road-2', 'cuddy-fork', '>cuddy-strand'],
        isLap: true,
        laps: 8,
        finish: 'strand-line',
      },
      {
        id: 'light-and-back',
        name: 'To the Light and Back',
        pen: 'northing-pen',
        leadIn: ['north-village', 'light-fork'],
        lap: [
          'light-fork',
          'light-end',
          'light-fork',
          'moor-west',
          'harbour',
          'stone-cross',
          'north-village',
          'light-fork',
        ],
        isLap: true,
        laps: 2,
        finish: 'northing-line',
      },
      {
        id: 'to-the-light',
        name: 'To the Light',
        pen: 'pier-pen',
        leadIn: ['harbour', 'moor-west'],
        lap: ['moor-west', 'light-fork', 'light-end'],
        isLap: false,
        laps: 1,
        finish: 'light-line',
      },
    ],
    segments: [
      { id: 'harbour-sprint', name: 'Harbour Sprint', kind: 'sprint', from: home(560), via: [], to: home(180) },
      { id: 'pier-sprint', name: 'Pier Sprint', kind: 'sprint', from: east(520), via: [], to: east(180) },
      {
        id: 'shearwater-south',
        name: 'Shearwater from the Harbour',
        kind: 'climb',
        from: shearwater('harbour', 120),
        via: [],
        to: shearwater('stone-cross', 300),
      },
      {
        id: 'shearwater-north',
        name: 'Shearwater from Northing',
        kind: 'climb',
        from: shearwaterBack('north-village', 160),
        via: [],
        to: shearwaterBack('stone-cross', -260),
      },
      {
        id: 'whin-moor',
        name: 'Whin Moor Gravel',
        kind: 'climb',
        from: { road: 'whin-moor', from: 'moor-west', plusM: 120 },
        via: [],
        to: { road: 'whin-moor', from: 'stone-cross', plusM: -60 },
      },
      {
        id: 'heron-climb',
        name: 'Heron Climb',
        kind: 'climb',
        from: { road: 'heron-road', from: 'moor-east', plusM: 300, isAgainst: true },
        via: [],
        to: { road: 'heron-road', from: 'stone-cross', plusM: -60, isAgainst: true },
      },
      {
        id: 'cuddy-bridge',
        name: 'Cuddy Bridge',
        kind: 'sprint',
        from: { road: 'coast-road', from: 'cuddy-fork', plusM: -250 },
        via: [],
        to: { road: 'coast-road', from: 'cuddy-fork', plusM: 700 },
      },
      {
        id: 'light-sprint',
        name: 'Lighthouse Drag',
        kind: 'climb',
        from: { road: 'lighthouse-road', from: 'light-fork', plusM: 760 },
        via: [],
        to: { road: 'lighthouse-road', from: 'light-fork', plusM: 1450 },
      },
      {
        id: 'island-lap',
        name: 'Island Lap',
        kind: 'lap',
        from: home(180),
        via: ['cuddy-fork', '>coast-road-2', 'moor-east', 'north-village', 'light-fork', 'moor-west'],
        to: home(180),
      },
    ],
    zones: [],
    scenery: {
      seed: SEED,
      country: 'island',
      sea: { name: 'The Sound', levelM: 0, shore: shoreAround(island, 55, 330, createDice(SEED, 'shore')) },
      places: [
        { kind: 'village', name: 'Gannet Quay', x: 40, y: -1560 },
        { kind: 'village', name: 'Northing', x: -470, y: 1640 },
        { kind: 'lighthouse', name: 'The Light', x: -3690, y: 1140 },
        { kind: 'cross', name: 'Stone Cross', x: -120, y: 120 },
        { kind: 'farm', name: 'Puffin Farm', x: 2280, y: 980 },
        { kind: 'boathouse', name: 'Cuddy Boathouse', x: 2690, y: -420 },
      ],
    },
  }
}

function roads(): Road[] {
  const road = (id: string, name: string) => new RoadPlan(id, name, SEED).width(7)

  const harbour = junction('harbour', 'Harbour Cross', 40, -1560, 6)
  const cuddyFork = junction('cuddy-fork', 'Cuddy Fork', 1840, -1150, 27)
  const strandFork = junction('strand-fork', 'Strand End', 2440, 330, 12)
  const moorEast = junction('moor-east', 'Puffin Gate', 2330, 900, 34)
  const northVillage = junction('north-village', 'Northing Green', -470, 1640, 12)
  const lightFork = junction('light-fork', 'Lightkeeper’s Fork', -2240, 760, 46)
  const lightEnd = junction('light-end', 'The Light', -3660, 1130, 31)
  const moorWest = junction('moor-west', 'Peat Landing', -2190, -330, 11)
  const stoneCross = junction('stone-cross', 'Stone Cross', -120, 120, 176)

  return [
    // Against the clock from the harbour: east along the south shore, north, west, home.
    road('coast-road', 'Coast Road')
      .from(harbour, 4, 60)
      .surface('asphalt')
      .shelter('town')
      .to(420, -1500, { heightM: 8 })
      .shelter('coast')
      .to(860, -1650, { heightM: 21 })
      .to(1300, -1500, { heightM: 30 })
      .to(1560, -1270, { heightM: 19 })
      .through(cuddyFork, 36, 60)
      .to(2120, -880, { heightM: 25 })
      .to(2210, -640, { heightM: 27 })
      .bridge(200)
      .to(2190, -360, { heightM: 25 })
      .to(2470, -60, { heightM: 16 })
      .through(strandFork, 96, 50)
      .to(2500, 640, { heightM: 22 })
      .through(moorEast, 118, 50)
      .to(2180, 1220, { heightM: 58 })
      .to(2300, 1480, { heightM: 71 })
      .to(1960, 1720, { heightM: 63 })
      .to(1640, 1600, { heightM: 44 })
      .to(1260, 1790, { heightM: 52 })
      .to(820, 1620, { heightM: 24 })
      .to(340, 1760, { heightM: 14 })
      .to(-100, 1650, { heightM: 9 })
      .shelter('town')
      .through(northVillage, 182, 60)
      .to(-820, 1690, { heightM: 18 })
      .shelter('coast')
      .to(-1180, 1860, { heightM: 41 })
      .to(-1560, 1660, { heightM: 32 })
      .to(-1820, 1720, { heightM: 49 })
      .to(-2080, 1330, { heightM: 62 })
      .to(-1960, 1050, { heightM: 55 })
      .through(lightFork, 236, 60)
      .to(-2460, 440, { heightM: 24 })
      .to(-2380, 80, { heightM: 9 })
      .through(moorWest, 284, 50)
      .to(-2120, -640, { heightM: 22 })
      .to(-2330, -960, { heightM: 37 })
      .to(-2000, -1300, { heightM: 29 })
      .to(-1640, -1240, { heightM: 12 })
      .to(-1300, -1480, { heightM: 17 })
      .to(-880, -1400, { heightM: 9 })
      .to(-480, -1640, { heightM: 7 })
      .shelter('town')
      .until(harbour, 4, 60)
      .mark('harbour-west')
      .build(),
    // Over the hills from south to north, with three hairpins above the harbour.
    road('shearwater-road', 'Shearwater Road')
      .from(harbour, 94, 40)
      .surface('asphalt')
      .shelter('fields')
      .to(-50, -1290, { heightM: 24 })
      .to(230, -1060, { heightM: 52 })
      .to(140, -800, { heightM: 76 })
      .to(-420, -760, { heightM: 108, radiusM: 24 })
      .to(20, -520, { heightM: 138, radiusM: 22 })
      .to(-440, -330, { heightM: 164, radiusM: 26 })
      .to(-290, -60, { heightM: 180 })
      .shelter('open')
      .through(stoneCross, 54, 40)
      .to(60, 340, { heightM: 191 })
      .to(-110, 560, { heightM: 172 })
      .to(120, 780, { heightM: 145 })
      .shelter('wood')
      .to(-100, 1000, { heightM: 114, radiusM: 44 })
      .to(-420, 960, { heightM: 84, radiusM: 50 })
      .to(-500, 1240, { heightM: 51 })
      .until(northVillage, 90, 40)
      .build(),
    // From the west shore over the moor, gravel as far as the cross; down through the wood to the east shore.
    road('whin-moor', 'Whin Moor Track')
      .from(moorWest, 14, 40)
      .width(6)
      .surface('asphalt')
      .shelter('fields')
      .to(-1860, -180, { heightM: 34 })
      .to(-1660, 60, { heightM: 58 })
      .surface('gravel')
      .shelter('open')
      .to(-1340, -40, { heightM: 86 })
      .to(-1120, 230, { heightM: 116 })
      .to(-800, 190, { heightM: 137 })
      .to(-560, 400, { heightM: 166 })
      .to(-360, 240, { heightM: 172 })
      .surface('asphalt')
      .through(stoneCross, -34, 40)
      .build(),
    road('heron-road', 'Heron Road')
      .from(stoneCross, -30, 40)
      .surface('asphalt')
      .shelter('wood')
      .to(140, -60, { heightM: 166 })
      .to(420, 120, { heightM: 143 })
      .to(700, -40, { heightM: 112 })
      .to(920, 230, { heightM: 98 })
      .to(1240, 140, { heightM: 78 })
      .to(1420, 480, { heightM: 66 })
      .to(1760, 440, { heightM: 47 })
      .to(1960, 760, { heightM: 41 })
      .until(moorEast, 32, 40)
      .build(),
    // From the fork down the burn, under the coast road's bridge, along the sand and up again.
    road('cuddy-strand', 'Cuddy Strand')
      .from(cuddyFork, 124, 30)
      .width(6)
      .surface('rough-asphalt')
      .shelter('wood')
      .to(1700, -820, { heightM: 17 })
      .to(1930, -640, { heightM: 9 })
      .to(2200, -690, { heightM: 5 })
      .shelter('coast')
      .to(2620, -640, { heightM: 3.5 })
      .to(2760, -300, { heightM: 3.5 })
      .to(2700, 120, { heightM: 5 })
      .until(strandFork, 172, 30)
      .build(),
    road('lighthouse-road', 'Lighthouse Road')
      .from(lightFork, 150, 30)
      .width(6)
      .surface('rough-asphalt')
      .shelter('coast')
      .to(-2620, 800, { heightM: 33 })
      .to(-2860, 1010, { heightM: 18 })
      .to(-3180, 940, { heightM: 24 })
      .to(-3400, 1120, { heightM: 36 })
      .until(lightEnd)
      .build(),
  ]
}
