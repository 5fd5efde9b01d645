import { Scenario, type ScenarioPlan } from './scenario.ts'

// Bundled into one script that any engine can read: text in, text out, and nothing of the machine around it.

let scenario: Scenario | undefined

export function start(planJson: string): void {
  scenario = new Scenario(JSON.parse(planJson) as ScenarioPlan)
}

export function rideTo(tick: number): string {
  if (scenario === undefined) throw new Error('not started')
  return scenario.rideTo(tick)
}
