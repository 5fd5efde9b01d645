import type { ComponentChildren, VNode } from 'preact'
import { racesWords as words } from '../words/races.ts'
import { roadText, units } from '../words/units.ts'
import type { Board, Results } from './api.ts'
import { gapText, resultText } from './format.ts'

export function BoardTable({ board, laps }: { board: Board; laps: number }): VNode {
  return (
    <div class="scroll-x" tabIndex={0}>
      <table>
        <caption>{words.now}</caption>
        <thead>
          <tr>
            <th scope="col" class="number place">
              {words.place}
            </th>
            <th scope="col">{words.rider}</th>
            <th scope="col" class="number">
              {words.lap}
            </th>
            <th scope="col" class="number">
              {units().road}
            </th>
            <th scope="col" class="number">
              {words.gap}
            </th>
          </tr>
        </thead>
        <tbody>
          {board.rows.map((row) => (
            <tr key={row.riderId}>
              <td class="number">{row.place}</td>
              <td>{row.name}</td>
              <td class="number">{Math.min(row.lap + 1, laps)}</td>
              <td class="number">{roadText(row.distanceM, undefined, 2).replace(/ \D+$/, '')}</td>
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
  if (results.rows.length === 0) return <p class="muted">{words.calledOff}</p>
  return (
    <div class="scroll-x" tabIndex={0}>
      <table>
        <caption>{words.revision(results.isProvisional, results.revision)}</caption>
        <thead>
          <tr>
            <th scope="col" class="number place">
              {words.place}
            </th>
            <th scope="col" class="number place">
              {words.bib}
            </th>
            <th scope="col">{words.rider}</th>
            <th scope="col" class="number">
              {words.time}
            </th>
            <th scope="col" class="number">
              {words.gap}
            </th>
            {actions && <th scope="col">{words.decision}</th>}
          </tr>
        </thead>
        <tbody>
          {results.rows.map((row) => (
            <tr key={row.riderId}>
              <td class="number">{row.place ?? '–'}</td>
              <td class="number">{row.bib}</td>
              <td>
                {row.name}
                {row.isBot && <span class="chip">{words.bot}</span>}
                {row.penaltyMs > 0 && <span class="small muted number">{words.penalty(row.penaltyMs / 1000)}</span>}
              </td>
              <td class="number">{row.timeMs === null ? words.status[row.status] : resultText(row.timeMs)}</td>
              <td class="number">{row.gapMs === null ? '' : gapText(row.gapMs)}</td>
              {actions && <td>{actions(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
