import type { ComponentChildren, VNode } from 'preact'
import { rides as words } from '../../words/rides.ts'
import { Footer, Masthead } from '../parts.tsx'

const PAGES = [
  ['/rides', 'navRides'],
  ['/profile', 'profile'],
  ['/garage', 'garage'],
  ['/account', 'account'],
] as const

/** The frame of a rider's own pages. */
export function MineFrame(props: { here: string; title: string; lead?: string; children: ComponentChildren }): VNode {
  return (
    <div class="page">
      <Masthead here="mine" />
      <nav class="mine-nav" aria-label={words.pages}>
        {PAGES.map(([href, name]) => (
          <a key={href} href={href} {...(props.here === href ? { 'aria-current': 'page' as const } : {})}>
            {words[name]}
          </a>
        ))}
      </nav>
      <main class="mine stack">
        <div>
          <h1>{props.title}</h1>
          {props.lead !== undefined && <p class="muted lead">{props.lead}</p>}
        </div>
        {props.children}
      </main>
      <Footer />
    </div>
  )
}
