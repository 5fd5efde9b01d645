import { expect, test } from 'vitest'
import { Metrics } from './metrics.ts'

test('counters, gauges, families and histograms print as Prometheus reads them', () => {
  const metrics = new Metrics()
  const joins = metrics.counter('joins_total', 'Riders who joined.')
  joins.add()
  joins.add(2)
  metrics.gauge('riders', 'Riders now.', () => 7)
  metrics.family('refused_total', 'Datagrams refused.', 'reason', () => ({ 'too-"long"': 1 }))
  const ticks = metrics.histogram('tick_ms', 'One tick.', [1, 5])
  for (const value of [0.5, 1, 3, 9]) ticks.observe(value)
  expect(metrics.text()).toBe(`# HELP joins_total Riders who joined.
# TYPE joins_total counter
joins_total 3
# HELP riders Riders now.
# TYPE riders gauge
riders 7
# HELP refused_total Datagrams refused.
# TYPE refused_total counter
refused_total{reason="too-_long_"} 1
# HELP tick_ms One tick.
# TYPE tick_ms histogram
tick_ms_bucket{le="1"} 2
tick_ms_bucket{le="5"} 3
tick_ms_bucket{le="+Inf"} 4
tick_ms_sum 13.5
tick_ms_count 4
`)
})
