import { junction } from './junction.ts'
import { RoadPlan, type Road } from './road.ts'

export const SEED = 2068

/** The roads of High Gentian. */
export function highGentianRoads(): Road[] {
  const road = (id: string, name: string) => new RoadPlan(id, name, SEED).width(7)

  const mill = junction('mill', 'Mill Bridge', -2700, -260, 1064)
  const village = junction('village', 'Ambrun Fountain', 0, 0, 1094)
  const sawmill = junction('sawmill', 'Sawmill Bridge', 1500, -190, 1112)
  const pass = junction('pass', 'Gentian Pass', -560, 4760, 2068)
  const lake = junction('lake', 'Verdane Dam', -420, 6420, 1812)

  // The climb, in the order of riding. Headings: 0 east, 90 north, 180 west.
  const climb = road('gentian-road', 'Gentian Road').temper({ waverPercent: 0.35, easeM: 40 })
  climb.from(village, 84, 40).surface('asphalt').shelter('town').climb(3.5, { easingTo: 7, overM: 260 }).straight(120)
  climb.shelter('fields').bendTowards(90, 34).straight(120).climb(8)
  const goatFoot = climb.junctionHere('goat-foot', 'Goat Stair Foot')
  climb.straight(150).bendTowards(120, 10).straight(140).climb(8.6)

  // The Larches: eight hairpins in the wood.
  climb.shelter('wood').hairpinLeft(13, 170).straight(300).hairpinRight(12, 12).straight(250).climb(9)
  climb.hairpinLeft(12, 168).straight(210).hairpinRight(13, 6).straight(290).climb(8.2)
  climb.hairpinLeft(12, 172).straight(330).hairpinRight(12, 14).straight(230).climb(9.6)
  climb.hairpinLeft(13, 174).straight(430)
  const goatTop = climb.junctionHere('goat-top', 'Goat Stair Top')
  climb.straight(90).hairpinRight(14, 18).climb(7)

  // Across the hill to the east, the valley below on the right.
  climb.straight(260).left(140, 30).straight(120).right(90, 50).straight(160).left(110, 44).straight(180)
  climb.climb(5.8).right(160, 30).straight(70).tunnel(180).straight(70).left(120, 24).straight(170)

  // Bell Meadows: six hairpins between pastures.
  climb
    .mark('bell-meadows')
    .shelter('fields')
    .climb(9)
    .hairpinLeft(13, 166)
    .straight(240)
    .hairpinRight(13, 10)
    .straight(200)
  climb.hairpinLeft(12, 172).straight(270).climb(8.4).hairpinRight(13, 6).straight(220)
  climb.hairpinLeft(13, 164).straight(300).hairpinRight(14, 22).straight(180).mark('bell-meadows-top').left(70, 132)

  // Back to the west, and once around over itself on the Corkscrew.
  climb.climb(7.2).straight(240).right(120, 34).straight(140).left(150, 40).straight(180).mark('corkscrew')
  climb.left(36, 296).straight(14).bridge(190).straight(76).bendTowards(90, 168).straight(200)
  climb.shelter('open').right(180, 30).straight(220).left(160, 36).straight(160)

  // The Cirque: eight hairpins above the trees.
  climb.mark('cirque').climb(8.8).hairpinRight(14, 8).straight(310).hairpinLeft(13, 170).straight(230)
  climb.hairpinRight(12, 10).straight(200).climb(9.8).hairpinLeft(12, 166).straight(250)
  climb.hairpinRight(13, 14).straight(300).hairpinLeft(13, 172).straight(260).climb(9)
  climb.hairpinRight(12, 8).straight(210).hairpinLeft(14, 160).straight(200)
  climb.right(80, 70).climb(8).straight(200)
  return [
    road('valley-road', 'Valley Road')
      .from(mill, 8, 60)
      .surface('smooth-asphalt')
      .shelter('fields')
      .to(-2100, -60, { heightM: 1072 })
      .to(-1500, -180, { heightM: 1069 })
      .to(-900, 60, { heightM: 1085 })
      .to(-420, -40, { heightM: 1087 })
      .shelter('town')
      .through(village, 8, 60)
      .shelter('fields')
      .to(420, 0, { heightM: 1103 })
      .to(1000, 90, { heightM: 1102 })
      .until(sawmill, -60, 40)
      .build(),
    road('meadow-lane', 'Meadow Lane')
      .from(sawmill, 210, 40)
      .width(6)
      .surface('rough-asphalt')
      .shelter('open')
      .to(1000, -420, { heightM: 1101 })
      .to(500, -330, { heightM: 1107 })
      .to(60, -480, { heightM: 1091 })
      .to(-500, -400, { heightM: 1095 })
      .to(-1100, -620, { heightM: 1078 })
      .to(-1700, -560, { heightM: 1081 })
      .to(-2200, -740, { heightM: 1067 })
      .to(-2560, -600, { heightM: 1071 })
      .until(mill, 100, 40)
      .build(),
    climb.until(pass, 100, 60).build(),
    // Shorter and much steeper than the hairpins beside it.
    road('goat-stair', 'Goat Stair')
      .temper({ waverPercent: 0.8, easeM: 40 })
      .from(goatFoot, 126, 30)
      .width(5)
      .surface('rough-asphalt')
      .shelter('wood')
      .climb(11)
      .to(-150, 420)
      .climb(14)
      .to(-520, 560)
      .climb(13)
      .to(-600, 800)
      .climb(15)
      .to(-300, 900)
      .climb(13)
      .to(-60, 800)
      .climb(12)
      .until(goatTop, 84, 40)
      .build(),
    road('verdane-road', 'Verdane Road')
      .from(pass, 100, 60)
      .temper({ waverPercent: 0.5 })
      .surface('smooth-asphalt')
      .shelter('open')
      .climb(-6.5)
      .to(-660, 5130)
      .to(-180, 5270, { radiusM: 60 })
      .climb(-8)
      .to(-960, 5470, { radiusM: 20 })
      .to(-270, 5650, { radiusM: 22 })
      .climb(-7)
      .to(-900, 5880, { radiusM: 24 })
      .to(-560, 6130, { radiusM: 80 })
      .climb(-5)
      .until(lake, 50, 50)
      .build(),
    road('lake-road', 'Lake Road')
      .from(lake, -10, 50)
      .width(6)
      .surface('asphalt')
      .shelter('open')
      .to(0, 6350)
      .to(420, 6440)
      .shelter('wood')
      .to(830, 6680, { heightM: 1822 })
      .to(980, 7120, { heightM: 1817 })
      .to(680, 7480, { heightM: 1826 })
      .to(180, 7360, { heightM: 1816 })
      .to(-240, 7300, { heightM: 1830 })
      .to(-520, 6960, { heightM: 1818 })
      .until(lake, -80, 50)
      .mark('lake-west')
      .build(),
  ]
}
