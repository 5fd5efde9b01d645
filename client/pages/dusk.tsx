import type { VNode } from 'preact'
import { useState } from 'preact/hooks'
import { api } from './api.ts'

/** Hills at dusk until the world's own picture has come; and instead of it when there is none. */
export function Dusk({ mapId }: { mapId: string | undefined }): VNode {
  const [isThere, setThere] = useState(false)
  return (
    <div class="join-picture" aria-hidden="true">
      <svg viewBox="0 0 1280 720" preserveAspectRatio="xMidYMax slice">
        <circle cx="905" cy="330" r="64" fill="#ffd9a0" />
        <circle cx="905" cy="330" r="150" fill="#ffd9a0" opacity=".18" />
        <path d="M0 420 190 318l120 62 170-132 150 120 130-70 190 108 140-66 190 96v300H0z" fill="#8a5560" />
        <path d="M0 476c160-70 250-26 380-58s190-40 330 8 240-34 570 26v280H0z" fill="#5f3f4a" />
        <path d="M0 540c220-66 360 4 560-26s330-54 720 14v200H0z" fill="#3f2d33" />
        <path d="M0 610c260-50 470 20 690-8s350-26 590 10v120H0z" fill="#2a2022" />
        <path
          d="M700 720c30-60 150-66 120-108s-120-34-84-66 96-14 84-38"
          fill="none"
          stroke="#e8c9a8"
          stroke-width="9"
          stroke-linecap="round"
          opacity=".55"
        />
      </svg>
      {mapId !== undefined && (
        <img src={api.picturePath(mapId)} alt="" class={isThere ? 'is-there' : ''} onLoad={() => setThere(true)} />
      )}
    </div>
  )
}
