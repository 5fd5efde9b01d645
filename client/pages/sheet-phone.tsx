import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import type { Ride } from '../ride.ts'
import { ride as rideWords } from '../words/ride.ts'
import { sheets as words } from '../words/sheets.ts'
import { wayWords } from '../words/way.ts'
import { api } from './api.ts'
import { isOnlyHere } from './only-here.ts'
import { qrPath } from './qr.ts'

/** A code for a phone, to scan or to type; and the way to take it back. */
export function PhoneSheet({ ride }: { ride: Ride }): VNode {
  const [code, setCode] = useState('')
  const [problem, setProblem] = useState('')
  const phones = ride.deck.phones.value
  const ask = async (): Promise<void> => {
    const answer = await api.pair(ride.secret!)
    if (!answer.ok) return setProblem(answer.message)
    setProblem('')
    setCode(answer.value.code)
  }
  useEffect(() => void ask(), [ride])
  const address = `${location.origin}/companion`
  const qr = code === '' ? undefined : qrPath(`${address}?code=${code}`)
  return (
    <>
      <p>{words.phoneWhy}</p>
      {qr && (
        <svg
          class="qr"
          viewBox={`-4 -4 ${qr.size + 8} ${qr.size + 8}`}
          role="img"
          aria-label={`${address}?code=${code}`}
        >
          <rect x={-4} y={-4} width={qr.size + 8} height={qr.size + 8} fill="#fff" />
          <path d={qr.path} fill="#000" />
        </svg>
      )}
      <p class="phone-code">
        <code>{address}</code>
        <span class="small muted">{words.phoneCode}</span>
        <b class="number">{code}</b>
      </p>
      {isOnlyHere(location.hostname) && <p class="notice info">{wayWords.onlyHere}</p>}
      {problem !== '' && (
        <p class="notice bad" role="alert">
          {problem}
        </p>
      )}
      <p role="status">{words.phones(phones)}</p>
      <div class="menu-pair">
        <button class="button" type="button" onClick={() => void ask()}>
          {rideWords.newCode}
        </button>
        {phones > 0 && (
          <button class="button" type="button" onClick={() => ride.link.dropPhones()}>
            {words.phoneOut}
          </button>
        )}
      </div>
    </>
  )
}
