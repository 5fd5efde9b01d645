import type { Signal } from '@preact/signals'
import type { VNode } from 'preact'
import { hud as words } from '../words/hud.ts'
import { Panel, short } from './hud-panels.tsx'
import type { TalkLine } from './hud-types.ts'
import type { NearbyRow } from './model.ts'
import type { SegmentFigures } from './segment-figures.ts'
import type { HudSignals } from './signals.ts'

const NAME_CHARS = 15
const CHAT_LINES = 3
const CHAT_CHARS = 90
const SEGMENT_CHARS = 22

export function Riders({ s }: { s: HudSignals }): VNode {
  return (
    <Panel id="riders">
      <Rows rows={s.nearby} />
      <Groups groups={s.groups} />
    </Panel>
  )
}

function Rows({ rows }: { rows: Signal<readonly NearbyRow[]> }): VNode {
  const own = rows.value.findIndex((row) => row.isSelf)
  return (
    <table>
      <caption class="unseen">{words.panels.riders}</caption>
      <thead>
        <tr>
          <th scope="col">{words.rider}</th>
          <th scope="col">{words.perKg}</th>
          <th scope="col">{words.gap}</th>
        </tr>
      </thead>
      <tbody>
        {rows.value.map((row, i) => (
          <tr key={row.id} class={`${row.isSelf ? 'self' : ''} ${Math.abs(i - own) > 1 ? 'far' : ''}`}>
            <td>
              {row.isFriend && (
                <i class="friend" role="img" aria-label={words.friend}>
                  ★
                </i>
              )}
              {short(row.name, NAME_CHARS - (row.isBot ? 4 : 0) - (row.isFriend ? 2 : 0))}
              {row.isBot && <small class="bot"> {words.bot}</small>}
            </td>
            <td>{row.wattsPerKg}</td>
            <td class={row.isReckoned ? 'guess' : ''}>{row.gap}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Groups({ groups }: { groups: HudSignals['groups'] }): VNode | null {
  if (groups.value.length === 0) return null
  return (
    <div class="groups">
      {groups.value.map((line, i) => (
        <div key={i} class={`unit ${line.isOwn ? 'own' : ''}`}>
          {line.text}
        </div>
      ))}
    </div>
  )
}

export function Segment({ segment }: { segment: Signal<SegmentFigures | undefined> }): VNode | null {
  const now = segment.value
  if (now === undefined) return null
  const isOn = now.elapsed !== ''
  return (
    <Panel id="segment" label={`${words.panels.segment}: ${now.name}`}>
      <div class="head">
        <span class="name">{short(now.name, SEGMENT_CHARS)}</span>
        <span class="unit">{now.where}</span>
      </div>
      {isOn && (
        <>
          <span class="bar">
            <i style={`transform:scaleX(${now.doneShare})`} />
          </span>
          <div class="try">
            <span class="value">{now.elapsed}</span>
            <Delta text={now.ownDelta} label={words.ownBest} />
            <Delta text={now.bestDelta} label={words.bestHere} />
          </div>
        </>
      )}
      {!isOn && (now.ownBest !== '' || now.rows.length > 0) && (
        <div class="board">
          {now.ownBest !== '' && <Row name={words.ownBest} time={now.ownBest} />}
          {now.rows.map(({ name, time }, i) => (
            <Row key={i} name={`${i + 1}  ${short(name, NAME_CHARS)}`} time={time} />
          ))}
        </div>
      )}
    </Panel>
  )
}

function Row({ name, time }: { name: string; time: string }): VNode {
  return (
    <div class="row">
      <span class="unit">{name}</span>
      <b class="push">{time}</b>
    </div>
  )
}

function Delta({ text, label }: { text: string; label: string }): VNode | null {
  if (text === '') return null
  return (
    <span class="delta">
      <b class={text.startsWith('−') ? 'good' : 'bad'}>{text}</b>
      <span class="unit">{label}</span>
    </span>
  )
}

export function Laps({ laps }: { laps: Signal<readonly string[]> }): VNode | null {
  if (laps.value.length === 0) return null
  return (
    <Panel id="laps">
      {laps.value.map((line, i) => (
        <div key={i} class="unit">
          {line}
        </div>
      ))}
    </Panel>
  )
}

export function Talk({ s }: { s: HudSignals }): VNode | null {
  return (
    <div class="hud-left">
      <PairingCode code={s.pairingCode} />
      <Lines lines={s.chat} />
    </div>
  )
}

function PairingCode({ code }: { code: Signal<string> }): VNode | null {
  if (code.value === '') return null
  return (
    <section class="panel hud-code" aria-label={words.pairingCode}>
      <div class="label">{words.pairingCode}</div>
      <span class="value">{code.value}</span>
    </section>
  )
}

function Lines({ lines }: { lines: Signal<readonly TalkLine[]> }): VNode | null {
  if (lines.value.length === 0) return null
  return (
    <Panel id="talk">
      {lines.value.slice(-CHAT_LINES).map((line, i) => (
        <div key={i}>
          <div class="label">{short(line.name, NAME_CHARS)}</div>
          <div class="said">{short(line.text, CHAT_CHARS)}</div>
        </div>
      ))}
    </Panel>
  )
}
