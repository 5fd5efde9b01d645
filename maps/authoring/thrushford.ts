import { junction } from './junction.ts'
import { RoadPlan, type Road } from './road.ts'
import { banks } from './scenery.ts'
import type { WorldPlan } from './world.ts'
import { zoneBeside } from './zone.ts'

const SEED = 1871

/** A flat town on the Linnet: streets around a cobbled market, a ring boulevard that dips under Long Street, a circuit in the park. */
export function thrushford(): WorldPlan {
  const town = roads()
  const onQuay = (plusM: number) => ({ road: 'quay', from: 'quay-long', plusM, isAgainst: true })
  return {
    id: 'thrushford',
    name: 'Thrushford',
    roads: town,
    lines: [
      { id: 'start', name: 'Quayside Line', at: onQuay(200) },
      { id: 'quay-east-line', name: 'Steps Line', at: { road: 'quay', from: 'quay-fuller', plusM: 330 } },
      {
        id: 'bell-line',
        name: 'Market Line',
        at: { road: 'market-street', from: 'cross-east', plusM: 110, isAgainst: true },
      },
      {
        id: 'parade-line',
        name: 'Parade Line',
        at: { road: 'parade', from: 'parade-saddler', plusM: 260, isAgainst: true },
      },
      { id: 'boulevard-line', name: 'Boulevard Line', at: { road: 'ring', from: 'station-ring', plusM: 160 } },
      { id: 'south-line', name: 'South Bar Line', at: { road: 'ring', from: 'withy-east', plusM: 560 } },
      { id: 'foot-line', name: 'Bridge Line', at: { road: 'quay', from: 'quay-fuller', plusM: 290 } },
      { id: 'alder-line', name: 'Alder Line', at: { road: 'alder-circuit', from: 'alder-gate', plusM: 1330 } },
    ],
    pens: [
      { id: 'quay-pen', at: onQuay(195), rows: 25, abreast: 4 },
      {
        id: 'bell-pen',
        at: { road: 'market-street', from: 'cross-east', plusM: 105, isAgainst: true },
        rows: 20,
        abreast: 4,
      },
      {
        id: 'parade-pen',
        at: { road: 'parade', from: 'parade-saddler', plusM: 255, isAgainst: true },
        rows: 30,
        abreast: 4,
      },
      { id: 'boulevard-pen', at: { road: 'ring', from: 'station-ring', plusM: 155 }, rows: 30, abreast: 5 },
      { id: 'south-pen', at: { road: 'ring', from: 'withy-east', plusM: 555 }, rows: 30, abreast: 5 },
      { id: 'foot-pen', at: { road: 'quay', from: 'quay-fuller', plusM: 285 }, rows: 25, abreast: 4 },
      { id: 'alder-pen', at: { road: 'withy-lane', from: 'withy-long', plusM: 200 }, rows: 30, abreast: 3 },
    ],
    spawns: [
      { at: onQuay(90), lateralM: 0.5 },
      { at: { road: 'parade', from: 'parade-saddler', plusM: 120, isAgainst: true }, lateralM: 0.5 },
    ],
    routes: [
      {
        id: 'quayside',
        name: 'Quayside Criterium',
        pen: 'quay-pen',
        leadIn: ['quay-long', 'quay-fuller'],
        lap: [
          'quay-fuller',
          'market-fuller',
          'cross-west',
          'market-long',
          'cross-east',
          'market-saddler',
          'quay-saddler',
          'quay-long',
          'quay-fuller',
        ],
        isLap: true,
        laps: 12,
        finish: 'start',
      },
      {
        id: 'bell-kermesse',
        name: 'Bell Lane Kermesse',
        pen: 'bell-pen',
        leadIn: ['cross-east', 'market-long', 'cross-west'],
        lap: ['cross-west', 'bell-top', 'cross-east', 'market-long', 'cross-west'],
        isLap: true,
        laps: 25,
        finish: 'bell-line',
      },
      {
        id: 'parade-circuit',
        name: 'Parade Circuit',
        pen: 'parade-pen',
        leadIn: ['parade-saddler', 'parade-long', 'parade-abbey', 'parade-fuller'],
        lap: [
          'parade-fuller',
          'market-fuller',
          'cross-west',
          'market-long',
          'cross-east',
          'market-saddler',
          'parade-saddler',
          'parade-long',
          'parade-abbey',
          'parade-fuller',
        ],
        isLap: true,
        laps: 12,
        finish: 'parade-line',
      },
      {
        id: 'boulevard',
        name: 'Boulevard Time Trial',
        pen: 'boulevard-pen',
        leadIn: ['station-ring', 'parade-east'],
        lap: [
          'parade-east',
          'market-east',
          'quay-east',
          'withy-east',
          'ring-long',
          'ring-mill',
          'withy-west',
          'quay-west',
          'market-west',
          'parade-west',
          'ring-abbey',
          'station-ring',
          'parade-east',
        ],
        isLap: true,
        laps: 3,
        finish: 'boulevard-line',
      },
      {
        id: 'two-bridges',
        name: 'Two Bridges',
        pen: 'foot-pen',
        leadIn: ['quay-fuller', 'quay-long'],
        lap: ['quay-long', 'withy-long', 'withy-mill', 'withy-west', 'quay-west', 'quay-fuller', 'quay-long'],
        isLap: true,
        laps: 10,
        finish: 'foot-line',
      },
      {
        id: 'alder-park',
        name: 'Alder Park Circuit',
        pen: 'alder-pen',
        leadIn: ['withy-long', 'withy-alder', 'alder-gate'],
        lap: ['>alder-circuit'],
        isLap: true,
        laps: 20,
        finish: 'alder-line',
      },
      {
        id: 'grand-prix',
        name: 'Thrushford Grand Prix',
        pen: 'south-pen',
        leadIn: ['withy-east', 'ring-long'],
        lap: [
          'ring-long',
          'withy-long',
          'quay-long',
          'market-long',
          'bell-top',
          'parade-long',
          'station-ring',
          'parade-east',
          'market-east',
          'quay-east',
          'withy-east',
          'ring-long',
        ],
        isLap: true,
        laps: 6,
        finish: 'south-line',
      },
    ],
    segments: [
      {
        id: 'quayside-sprint',
        name: 'Quayside Sprint',
        kind: 'sprint',
        from: { road: 'quay', from: 'quay-saddler', plusM: 300, isAgainst: true },
        via: [],
        to: onQuay(200),
      },
      {
        id: 'steps-sprint',
        name: 'Steps Sprint',
        kind: 'sprint',
        from: { road: 'quay', from: 'quay-fuller', plusM: 60 },
        via: [],
        to: { road: 'quay', from: 'quay-fuller', plusM: 330 },
      },
      {
        id: 'market-cobbles',
        name: 'Market Cobbles',
        kind: 'sprint',
        from: { road: 'market-street', from: 'market-fuller', plusM: 40 },
        via: ['market-long'],
        to: { road: 'market-street', from: 'cross-east', plusM: 120 },
      },
      {
        id: 'bell-lap',
        name: 'Bell Lane',
        kind: 'sprint',
        from: { road: 'bell-lane', from: 'cross-west', plusM: 30 },
        via: [],
        to: { road: 'bell-lane', from: 'bell-top', plusM: 290 },
      },
      {
        id: 'viaduct',
        name: 'Long Street Viaduct',
        kind: 'climb',
        from: { road: 'long-street', from: 'parade-long', plusM: 40 },
        via: [],
        to: { road: 'long-street', from: 'parade-long', plusM: 355 },
      },
      {
        id: 'boulevard-mile',
        name: 'Boulevard Kilometre',
        kind: 'sprint',
        from: { road: 'ring', from: 'ring-long', plusM: 30 },
        via: [],
        to: { road: 'ring', from: 'ring-mill', plusM: 600 },
      },
    ],
    zones: [
      zoneBeside(
        town.find(({ id }) => id === 'quay')!,
        { ...onQuay(120) },
        { id: 'quay-gardens', name: 'Quay Gardens', lengthM: 60, widthM: 40, seed: 7 },
      ),
    ],
    scenery: {
      seed: SEED,
      country: 'plain',
      water: [{ name: 'Linnet', levelM: 18, outline: banks(LINNET, 76) }],
      places: [
        { kind: 'town', name: 'Thrushford', x: 0, y: 130, radiusM: 540 },
        { kind: 'church', name: 'Bell Church', x: 70, y: 100 },
        { kind: 'park', name: 'Alder Park', x: 410, y: -760, radiusM: 270 },
        { kind: 'park', name: 'Quay Gardens', x: -144, y: -370, radiusM: 45 },
        { kind: 'station', name: 'Thrushford North', x: 260, y: 1130 },
      ],
    },
  }
}

/** The middle of the river, from west to east. */
const LINNET: readonly (readonly [number, number])[] = [
  [-3200, -120],
  [-2300, -360],
  [-1500, -300],
  [-1050, -400],
  [-786, -448],
  [-400, -486],
  [8, -498],
  [400, -486],
  [830, -520],
  [1150, -590],
  [1600, -500],
  [2300, -560],
  [3200, -380],
]

function roads(): Road[] {
  const road = (id: string, name: string) => new RoadPlan(id, name, SEED).temper({ waverPercent: 0.15, easeM: 40 })

  // The river runs from west to east at 18 m; its banks lie at 22, the market at 27.
  const quayWest = junction('quay-west', 'Quay Gate', -800, -330, 22.5)
  const quayFuller = junction('quay-fuller', 'Fuller’s Steps', -390, -392, 22)
  const quayLong = junction('quay-long', 'Bridge Foot', 6, -404, 22.8)
  const quaySaddler = junction('quay-saddler', 'Saddler’s Stairs', 402, -388, 22)
  const quayEast = junction('quay-east', 'Lock Gate', 836, -420, 22.5)
  const marketWest = junction('market-west', 'West Bar', -812, 36, 25)
  const marketFuller = junction('market-fuller', 'Fuller’s Cross', -396, 14, 26)
  const crossWest = junction('cross-west', 'Butter Cross', -196, 4, 26.6)
  const marketLong = junction('market-long', 'Market Cross', 0, -4, 27)
  const crossEast = junction('cross-east', 'Corn Cross', 192, 0, 26.8)
  const marketSaddler = junction('market-saddler', 'Saddler’s Cross', 408, 10, 26.2)
  const marketEast = junction('market-east', 'East Bar', 852, 40, 25)
  const bellTop = junction('bell-top', 'Bell Arch', -8, 186, 28.6)
  const paradeWest = junction('parade-west', 'Parade Gate', -776, 392, 28)
  const paradeFuller = junction('parade-fuller', 'Drapers’ Hall', -384, 386, 29)
  const paradeAbbey = junction('parade-abbey', 'Abbey Gate', -196, 380, 29.4)
  const paradeLong = junction('parade-long', 'Parade Cross', -18, 372, 29.6)
  const paradeSaddler = junction('parade-saddler', 'Guildhall', 400, 366, 29)
  const paradeEast = junction('parade-east', 'Observatory Gate', 828, 384, 28)
  const ringAbbey = junction('ring-abbey', 'Abbey Fork', -480, 712, 29)
  const stationRing = junction('station-ring', 'Station Fork', 452, 726, 30)
  const withyWest = junction('withy-west', 'Withy Gate', -772, -566, 23)
  const withyMill = junction('withy-mill', 'Mill Green', -404, -586, 22.4)
  const withyLong = junction('withy-long', 'South Foot', 14, -592, 22.8)
  const withyAlder = junction('withy-alder', 'Alder Lodge', 352, -584, 22.4)
  const withyEast = junction('withy-east', 'Osier Gate', 806, -622, 23)
  const ringMill = junction('ring-mill', 'Millers’ Corner', -408, -908, 24)
  const ringLong = junction('ring-long', 'South Bar', 24, -926, 24.4)
  const alderGate = junction('alder-gate', 'Alder Gate', 356, -668, 22.6)

  return [
    // Clockwise from the west bar: north, under Long Street, east, over the river twice.
    road('ring', 'Ring Boulevard')
      .from(marketWest, 88, 60)
      .width(12)
      .surface('smooth-asphalt')
      .shelter('town')
      .through(paradeWest, 84, 60)
      .to(-740, 690)
      .through(ringAbbey, 3, 60)
      .to(-150, 722, { heightM: 29 })
      .to(0, 724, { heightM: 25 })
      .to(150, 724, { heightM: 29 })
      .through(stationRing, 0, 50)
      .to(800, 726)
      .through(paradeEast, -86, 60)
      .through(marketEast, -90, 60)
      .through(quayEast, -94, 24)
      .to(830, -520, { heightM: 25 })
      .bridge(110)
      .through(withyEast, -96, 24)
      .to(780, -850)
      .to(460, -918)
      .through(ringLong, 180, 60)
      .through(ringMill, 176, 60)
      .to(-740, -880)
      .through(withyWest, 92, 24)
      .to(-786, -450, { heightM: 25 })
      .bridge(110)
      .through(quayWest, 94, 24)
      .until(marketWest, 88, 60)
      .build(),
    road('long-street', 'Long Street')
      .from(ringLong, 92)
      .width(9)
      .shelter('town')
      .through(withyLong, 92)
      .to(10, -498, { heightM: 25.5 })
      .bridge(110)
      .through(quayLong, 92)
      .to(-14, -220)
      .surface('cobbles')
      .through(marketLong, 90)
      .through(bellTop, 92)
      .surface('asphalt')
      .through(paradeLong, 94, 40)
      .to(-30, 560, { heightM: 31 })
      .to(-16, 724, { heightM: 32.6 })
      .bridge(60)
      .to(20, 860, { heightM: 31.5 })
      .to(100, 1060, { heightM: 30.5 })
      .to(420, 1080)
      .until(stationRing, -86, 60)
      .build(),
    road('quay', 'The Quay')
      .from(quayWest, -14)
      .width(9)
      .shelter('town')
      .to(-600, -400)
      .through(quayFuller, 2, 60)
      .through(quayLong, 0, 60)
      .through(quaySaddler, 4, 60)
      .to(600, -380)
      .until(quayEast, -8)
      .build(),
    road('market-street', 'Market Street')
      .from(marketWest, -4, 40)
      .width(9)
      .shelter('town')
      .through(marketFuller, -2)
      .surface('cobbles')
      .through(crossWest, -4)
      .width(14)
      .through(marketLong, 0)
      .through(crossEast, 2)
      .width(9)
      .surface('asphalt')
      .through(marketSaddler, 2)
      .to(640, 40)
      .until(marketEast, 0, 40)
      .build(),
    road('parade', 'The Parade')
      .from(paradeWest, -2, 40)
      .width(9)
      .surface('smooth-asphalt')
      .shelter('town')
      .to(-580, 372)
      .through(paradeFuller, 0, 40)
      .through(paradeAbbey, -2, 40)
      .through(paradeLong, -2, 40)
      .through(paradeSaddler, 0, 40)
      .until(paradeEast, 4, 40)
      .build(),
    road('abbey-crescent', 'Abbey Crescent')
      .from(paradeAbbey, 90)
      .width(7)
      .shelter('town')
      .to(-190, 520)
      .to(-300, 610)
      .to(-440, 590)
      .until(ringAbbey, 96)
      .build(),
    road('fullers-row', 'Fuller’s Row')
      .from(quayFuller, 90)
      .width(7)
      .shelter('town')
      .to(-404, -170)
      .through(marketFuller, 91)
      .to(-380, 200)
      .until(paradeFuller, 90)
      .build(),
    road('saddlers-row', 'Saddler’s Row')
      .from(quaySaddler, 90)
      .width(7)
      .shelter('town')
      .to(420, -200)
      .through(marketSaddler, 92)
      .to(396, 190)
      .until(paradeSaddler, 88)
      .build(),
    road('bell-lane', 'Bell Lane')
      .oneWay()
      .from(crossWest, 96, 24)
      .width(5.5)
      .surface('cobbles')
      .shelter('town')
      .to(-186, 110)
      .to(-120, 176)
      .through(bellTop, 6, 24)
      .to(118, 190)
      .to(196, 120)
      .until(crossEast, -92, 24)
      .build(),
    road('withy-lane', 'Withy Lane')
      .from(withyWest, -6, 40)
      .width(7)
      .shelter('fields')
      .through(withyMill, 0, 40)
      .to(-200, -566)
      .through(withyLong, -4, 40)
      .through(withyAlder, 2, 40)
      .to(560, -600)
      .until(withyEast, -6, 40)
      .build(),
    road('mill-lane', 'Mill Lane')
      .from(withyMill, -88)
      .width(7)
      .shelter('fields')
      .to(-430, -740)
      .until(ringMill, -92)
      .build(),
    road('alder-lane', 'Alder Lane')
      .from(withyAlder, -92, 20)
      .width(7)
      .shelter('wood')
      .until(alderGate, -86, 20)
      .build(),
    road('alder-circuit', 'Alder Park Circuit')
      .oneWay()
      .from(alderGate, 4, 40)
      .width(7)
      .surface('smooth-asphalt')
      .shelter('wood')
      .to(640, -656, { heightM: 24 })
      .to(716, -716)
      .to(640, -770)
      .to(560, -716, { heightM: 22.5 })
      .to(470, -760)
      .to(520, -846, { heightM: 26 })
      .to(300, -876)
      .to(180, -850, { heightM: 23 })
      .to(230, -780)
      .to(120, -740)
      .to(130, -660)
      .until(alderGate, 4, 60)
      .build(),
  ]
}
