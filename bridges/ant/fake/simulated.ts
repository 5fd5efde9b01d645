import type { AntTrainer } from '../../trainer-sim/ant-pages.ts'
import type { FakeMaster } from './air.ts'

/** The simulated trainer on the air, as most real ones are: fitness equipment and, under the same number, a power meter. */
export function mastersOf(ant: AntTrainer): readonly [fitness: FakeMaster, power: FakeMaster] {
  return [
    {
      ...ant.fitness,
      next: () => ant.next(),
      take(page) {
        ant.take(page)
        return true
      },
    },
    { ...ant.power, next: () => ant.nextPower() },
  ]
}
