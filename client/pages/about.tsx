import type { VNode } from 'preact'
import { benchWords } from '../words/bench.ts'
import { roadsWords } from '../words/roads.ts'
import { wayWords as words } from '../words/way.ts'
import { Page } from './parts.tsx'
import { SecureHint } from './secure-hint.tsx'

/** What this is, in a minute. */
export function AboutPage(): VNode {
  return (
    <Page here="about">
      <h1>{roadsWords.aboutTitle}</h1>
      <div class="prose">
        {roadsWords.about.map((text) => (
          <p key={text}>{text}</p>
        ))}
        <h2>{roadsWords.aboutNeed}</h2>
        <ul>
          {roadsWords.aboutNeeds.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
        <SecureHint />
        <p class="row">
          <a class="button first" href="/">
            {words.navRide}
          </a>
          <a class="button" href="/roads">
            {words.lookAtRoads}
          </a>
          <a class="button" href="/bench">
            {benchWords.link}
          </a>
        </p>
      </div>
    </Page>
  )
}

/** An address that leads nowhere, and where else one may go. */
export function NowherePage(): VNode {
  return (
    <Page here="nowhere">
      <h1>{roadsWords.lostTitle}</h1>
      <p>{roadsWords.lost}</p>
      <p class="row">
        <a class="button first" href="/">
          {words.navRide}
        </a>
        <a class="button" href="/roads">
          {words.navRoads}
        </a>
        <a class="button" href="/meet">
          {words.navMeet}
        </a>
        <a class="button" href="/about">
          {words.navAbout}
        </a>
      </p>
    </Page>
  )
}
