import type { ComponentChildren, VNode } from 'preact'
import type { Board, Results } from './api.ts'
import { gapText, km, resultText } from './format.ts'

const STATUS_WORDS = { FIN: '', DNF: 'Did not finish', DNS: 'Did not start', DSQ: 'Disqualified' } as const

export function BoardTable({ board, laps }: { board: Board; laps: number }): VNode {
  return (
    <div class="scroll-x" tabIndex={0}>
      <table>
        <caption>The race now</caption>
        <thead>
          <tr>
            <th scope="col" class="number place">
              Place
            </th>
            <th scope="col">Rider</th>
            <th scope="col" class="number">
              Lap
            </th>
            <th scope="col" class="number">
              km
            </th>
            <th scope="col" class="number">
              Gap
            </th>
          </tr>
        </thead>
        <tbody>
          {board.rows.map((row) => (
            <tr key={row.riderId}>
              <td class="number">{row.place}</td>
              <td>{row.name}</td>
              <td class="number">{Math.min(row.lap + 1, laps)}</td>
              <td class="number">{km(row.distanceM, 2)}</td>
              <td class="number">{row.finishedMs === null ? gapText(row.gapMs) : resultText(row.finishedMs)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export interface ResultsTableProps {
  readonly results: Results
  /** What the organiser may do with a row. */
  readonly actions?: (row: Results['rows'][number]) => ComponentChildren
}

export function ResultsTable({ results, actions }: ResultsTableProps): VNode {
  if (results.rows.length === 0) return <p class="muted">Called off: nobody was sent on the road.</p>
  return (
    <div class="scroll-x" tabIndex={0}>
      <table>
        <caption>
          {results.isProvisional ? 'Provisional result' : 'Result'}, revision {results.revision}
        </caption>
        <thead>
          <tr>
            <th scope="col" class="number place">
              Place
            </th>
            <th scope="col" class="number place">
              Bib
            </th>
            <th scope="col">Rider</th>
            <th scope="col" class="number">
              Time
            </th>
            <th scope="col" class="number">
              Gap
            </th>
            {actions && <th scope="col">Decision</th>}
          </tr>
        </thead>
        <tbody>
          {results.rows.map((row) => (
            <tr key={row.riderId}>
              <td class="number">{row.place ?? '–'}</td>
              <td class="number">{row.bib}</td>
              <td>
                {row.name}
                {row.isBot && <span class="chip">bot</span>}
                {row.penaltyMs > 0 && <span class="small muted number"> +{row.penaltyMs / 1000} s penalty</span>}
              </td>
              <td class="number">{row.timeMs === null ? STATUS_WORDS[row.status] : resultText(row.timeMs)}</td>
              <td class="number">{row.gapMs === null ? '' : gapText(row.gapMs)}</td>
              {actions && <td>{actions(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
