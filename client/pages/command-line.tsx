import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { wayWords as words } from '../words/way.ts'

/** A line to carry elsewhere: to a terminal, to a friend. */
export function CommandLine({ text, copy = words.copy }: { text: string; copy?: string }): VNode {
  const [isCopied, setCopied] = useState(false)
  // A page that came by plain HTTP from elsewhere has no clipboard: then the line is for selecting.
  const clipboard = navigator.clipboard as Clipboard | undefined
  return (
    <p class="command">
      <code>{text}</code>
      {clipboard && (
        <button
          class="button"
          type="button"
          onClick={() =>
            void clipboard.writeText(text).then(
              () => setCopied(true),
              () => setCopied(false), // Refused by the browser: the line is still there to select.
            )
          }
        >
          {isCopied ? words.copied : copy}
        </button>
      )}
    </p>
  )
}
