import type { MapFile } from './format.ts'
import { TURN, type Exit } from './network.ts'
import { arrivalEnd, departureEnd, isBackTurn, type WayPlan } from './topology.ts'

const { left: LEFT, straight: STRAIGHT, right: RIGHT, back: BACK } = TURN

type Vector = readonly [east: number, north: number]

/** Nearer to straight on than 40° is straight on: 1 − cos 40°. */
const STRAIGHT_ON = 0.234
const ORDER: readonly number[] = [STRAIGHT, RIGHT, LEFT, BACK]

/** What follows a way, the default first: straight on, unless the node says otherwise. */
export function exitsOf(
  map: MapFile,
  plans: readonly WayPlan[],
  way: number,
  headings: (way: number) => { readonly from: Vector; readonly to: Vector },
): readonly Exit[] {
  const plan = plans[way]!
  if (plan.kind === 'connector') return [{ way: plan.toWay, turn: STRAIGHT }]
  const found: { way: number; lean: number; isBack: boolean; isFirst: boolean }[] = []
  plans.forEach((connector, at) => {
    if (connector.fromWay !== way) return
    const to = plans[connector.toWay]!
    const { from, to: then } = headings(at)
    const isFirst = map.nodes[connector.fromNode]!.first.some(
      (turn) => turn.from === arrivalEnd(map, plan) && turn.to === departureEnd(map, to),
    )
    found.push({ way: at, lean: leanOf(from, then), isBack: isBackTurn(map, plan, to), isFirst })
  })
  const onward = found.filter(({ isBack }) => !isBack).toSorted((a, b) => b.lean - a.lean || a.way - b.way)
  const turns = turnsOf(onward.map(({ lean }) => lean))
  const exits = [
    ...onward.map(({ way: to, lean, isFirst }, i) => ({ way: to, turn: turns[i]!, lean, isFirst })),
    ...found.filter(({ isBack }) => isBack).map(({ way: to, isFirst }) => ({ way: to, turn: BACK, lean: 9, isFirst })),
  ]
  const byTurn = ({ turn }: Exit) => ORDER.indexOf(turn)
  const hasStraight = exits.some(({ turn }) => turn === STRAIGHT)
  return exits
    .toSorted(
      (a, b) =>
        Number(b.isFirst) - Number(a.isFirst) ||
        (hasStraight ? byTurn(a) - byTurn(b) : Math.abs(a.lean) - Math.abs(b.lean)) ||
        byTurn(a) - byTurn(b),
    )
    .map(({ way: to, turn }) => ({ way: to, turn }))
}

/** 0 straight on, 1 a quarter to the left, 2 right about; negative to the right. Grows with the angle, needs no arctangent. */
function leanOf([ae, an]: Vector, [be, bn]: Vector): number {
  const lean = 1 - (ae * be + an * bn)
  return ae * bn - an * be >= 0 ? lean : -lean
}

/** Names for up to three exits, leftmost first: no two have the same. */
function turnsOf(leans: readonly number[]): readonly number[] {
  const named = (lean: number) => (Math.abs(lean) < STRAIGHT_ON ? STRAIGHT : lean > 0 ? LEFT : RIGHT)
  if (leans.length === 1) return [named(leans[0]!)]
  if (leans.length !== 2) return [LEFT, STRAIGHT, RIGHT]
  const [left, right] = [leans[0]!, leans[1]!]
  if (Math.min(Math.abs(left), Math.abs(right)) >= STRAIGHT_ON) return [LEFT, RIGHT]
  return Math.abs(left) < Math.abs(right) ? [STRAIGHT, RIGHT] : [LEFT, STRAIGHT]
}
