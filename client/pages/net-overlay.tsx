import type { VNode } from 'preact'
import { useEffect, useRef, useState } from 'preact/hooks'
import { netWords as words } from '../words/net.ts'
import type { NetView, NetWatch } from '../net-watch.ts'
import { NetPanel } from './net-panel.tsx'

/** The connection's life over the ride. Loaded when it is asked for. */
export function NetOverlay({ net, onClose }: { readonly net: NetWatch; readonly onClose: () => void }): VNode {
  const dialog = useRef<HTMLDialogElement>(null)
  const [view, setView] = useState<NetView>(() => net.view)
  useEffect(() => net.look(setView), [net])
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog
      class="card net-overlay"
      ref={dialog}
      aria-labelledby="net-title"
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key !== 'n') return
        event.stopPropagation()
        dialog.current?.close()
      }}
    >
      <div class="menu-head">
        <h2 id="net-title">{words.of(view.name)}</h2>
        <button class="ride-button" type="button" onClick={() => dialog.current?.close()} aria-label={words.back}>
          <svg width="20" height="20" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M6 6l12 12M18 6L6 18" stroke="currentColor" stroke-width="2" stroke-linecap="round" />
          </svg>
        </button>
      </div>
      <NetPanel view={view} />
    </dialog>
  )
}
