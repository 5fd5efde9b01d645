import type { ComponentChildren, VNode } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import type { Ride } from '../ride.ts'
import { ride as words } from '../words/ride.ts'
import { sheets } from '../words/sheets.ts'
import { CloseButton } from './close-button.tsx'
import { PeopleSheet } from './sheet-people.tsx'
import { PhoneSheet } from './sheet-phone.tsx'
import { ScreenSheet } from './sheet-screen.tsx'
import { TalkSheet } from './sheet-talk.tsx'
import './ride-sheets.css'

export type SheetKind = 'talk' | 'people' | 'screen' | 'phone'

/** What lies behind a button, over the ride. Loaded when it is asked for. */
export function RideSheet({ kind, ride, onClose }: { kind: SheetKind; ride: Ride; onClose: () => void }): VNode {
  switch (kind) {
    case 'talk':
      return (
        <Sheet title={sheets.talkTitle} onClose={onClose}>
          <TalkSheet deck={ride.deck} onDone={onClose} />
        </Sheet>
      )
    case 'people':
      return (
        <Sheet title={words.people} onClose={onClose}>
          <PeopleSheet ride={ride} />
        </Sheet>
      )
    case 'screen':
      return (
        <Sheet title={words.screen} onClose={onClose}>
          <ScreenSheet />
        </Sheet>
      )
    case 'phone':
      return (
        <Sheet title={sheets.phoneTitle} onClose={onClose}>
          <PhoneSheet ride={ride} />
        </Sheet>
      )
  }
}

function Sheet({
  title,
  onClose,
  children,
}: {
  title: string
  onClose: () => void
  children: ComponentChildren
}): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog class="card ride-menu ride-sheet" ref={dialog} aria-labelledby="sheet-title" onClose={onClose}>
      <div class="stack">
        <div class="menu-head">
          <h2 id="sheet-title">{title}</h2>
          <CloseButton onClick={() => dialog.current?.close()} />
        </div>
        {children}
      </div>
    </dialog>
  )
}
