import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import type { Answer } from '../api.ts'
import { readProfile, writeProfile } from '../memory.ts'
import {
  dropSecrets,
  readFitness,
  readLook,
  riderSecrets,
  setSignedInHere,
  writeFitness,
  writeLook,
} from '../own-memory.ts'
import { Notice } from '../parts.tsx'
import { MineFrame } from './frame.tsx'
import { type Friend, type Me, mine, type WhoAmI } from './mine-api.ts'
import { keepUnits } from './own-units.ts'
import { useWho } from './use-who.ts'

interface Said {
  readonly level: 'info' | 'bad'
  readonly text: string
}

/** Sign in, sign up, and all that an account can do. */
export function AccountPage(): VNode {
  const [who, setWho] = useWho()
  const [codes, setCodes] = useState<readonly string[]>()
  const [said, setSaid] = useState<Said>()
  function entered(account: Me, ridesClaimed: number): void {
    remember(account)
    setWho({ account, whyNot: '' })
    setSaid(ridesClaimed > 0 ? { level: 'info', text: words.claimed(ridesClaimed) } : undefined)
  }
  function left(): void {
    setSignedInHere(false)
    setWho({ account: null, whyNot: who?.whyNot ?? '' })
  }
  const lead = who?.account ? {} : { lead: words.accountLead }
  return (
    <MineFrame here="/account" title={words.account} {...lead}>
      {who === undefined && <p aria-busy="true">{words.loading}</p>}
      {said !== undefined && <Notice level={said.level}>{said.text}</Notice>}
      {codes !== undefined ? (
        <Codes codes={codes} onDone={() => setCodes(undefined)} />
      ) : who?.account ? (
        <Settings me={who.account} whyNot={who.whyNot} onCodes={setCodes} onLeft={left} />
      ) : (
        who !== undefined && (
          <div class="account-settings">
            <Door who={who} onEntered={entered} onCodes={setCodes} />
            <section class="card stack" aria-label={words.goodFor}>
              <h2>{words.goodFor}</h2>
              <ul class="goods">
                {words.goods.map((good) => (
                  <li key={good}>{good}</li>
                ))}
              </ul>
            </section>
          </div>
        )
      )}
    </MineFrame>
  )
}

/** What the account knows, this browser knows from here on. */
function remember({ name, profile, look }: Me): void {
  setSignedInHere(true)
  dropSecrets()
  writeProfile({ name, massKg: profile.massKg, heightM: profile.heightM })
  writeFitness(profile)
  if (look !== null) writeLook(look)
  if (profile.units !== null) keepUnits(profile.units)
}

function Door(props: {
  who: WhoAmI
  onEntered: (account: Me, ridesClaimed: number) => void
  onCodes: (codes: readonly string[]) => void
}): VNode {
  const { who, onEntered, onCodes } = props
  const [mode, setMode] = useState<'up' | 'in' | 'forgot'>('up')
  const [name, setName] = useState(() => readProfile().name)
  const [phrase, setPhrase] = useState('')
  const [code, setCode] = useState('')
  const [trouble, setTrouble] = useState('')
  const [isBusy, setBusy] = useState(false)
  const [rides, setRides] = useState(0)
  useEffect(() => {
    if (riderSecrets().length > 0) void mine.rides().then((answer) => answer.ok && setRides(answer.value.length))
  }, [])
  if (who.whyNot !== '') return <Notice level="info">{who.whyNot}</Notice>
  async function enter(): Promise<void> {
    setBusy(true)
    setTrouble('')
    const answer = await ask()
    setBusy(false)
    if (!answer.ok) return setTrouble(answer.message)
    const { account, ridesClaimed } = answer.value
    onEntered(account, ridesClaimed)
    if ('codes' in answer.value && Array.isArray(answer.value.codes)) onCodes(answer.value.codes as string[])
  }
  async function ask(): Promise<Answer<{ account: Me; ridesClaimed: number }>> {
    const secrets = riderSecrets()
    if (mode === 'in') return await mine.signIn({ name, phrase, secrets })
    if (mode === 'forgot') return await mine.recover({ name, code, phrase })
    const { massKg, heightM } = readProfile()
    const { ftpW, maxHeartRateBpm } = readFitness()
    const look = readLook()
    const profile = { massKg, heightM, ftpW, maxHeartRateBpm }
    return await mine.create({ name, phrase, secrets, profile, ...(look === undefined ? {} : { look }) })
  }
  const isNew = mode !== 'in'
  return (
    <section class="card account-door stack" aria-label={mode === 'up' ? words.signUp : words.signIn}>
      <div class="either" role="group" aria-label={words.account}>
        <button type="button" class="chip-button" aria-pressed={mode === 'up'} onClick={() => setMode('up')}>
          {words.noAccount}
        </button>
        <button type="button" class="chip-button" aria-pressed={mode !== 'up'} onClick={() => setMode('in')}>
          {words.haveAccount}
        </button>
      </div>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          void enter()
        }}
      >
        <label class="field">
          <span>{words.name}</span>
          <input
            class="input"
            required
            maxLength={24}
            autocomplete="username"
            value={name}
            onInput={(event) => setName(event.currentTarget.value)}
          />
        </label>
        {mode === 'forgot' && (
          <label class="field">
            <span>{words.code}</span>
            <input
              class="input"
              required
              autocomplete="off"
              spellcheck={false}
              value={code}
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          </label>
        )}
        <PhraseField
          label={mode === 'forgot' ? words.newPassphrase : words.passphrase}
          isNew={isNew}
          value={phrase}
          onValue={setPhrase}
        />
        {mode !== 'forgot' && rides > 0 && <p class="small muted">{words.claims(rides)}</p>}
        <button class="button first wide" type="submit" disabled={isBusy}>
          {mode === 'up' ? words.signUp : mode === 'in' ? words.signIn : words.recover}
        </button>
        {trouble !== '' && <Notice level="bad">{trouble}</Notice>}
      </form>
      {mode === 'in' && (
        <button class="button plain" type="button" onClick={() => setMode('forgot')}>
          {words.forgot}
        </button>
      )}
    </section>
  )
}

function PhraseField(props: { label: string; isNew: boolean; value: string; onValue: (value: string) => void }): VNode {
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        class="input"
        type="password"
        required
        minLength={props.isNew ? 10 : 1}
        maxLength={200}
        autocomplete={props.isNew ? 'new-password' : 'current-password'}
        value={props.value}
        onInput={(event) => props.onValue(event.currentTarget.value)}
      />
      {props.isNew && <span class="small muted">{words.passphraseHint}</span>}
    </label>
  )
}

function Codes({ codes, onDone }: { codes: readonly string[]; onDone: () => void }): VNode {
  return (
    <section class="card stack codes" aria-label={words.codesTitle}>
      <h2>{words.codesTitle}</h2>
      <p>{words.codesWhy}</p>
      <ol class="number">
        {codes.map((code) => (
          <li key={code}>{code}</li>
        ))}
      </ol>
      <div class="row">
        <button class="button" type="button" onClick={() => print()}>
          {words.print}
        </button>
        <button class="button first" type="button" onClick={onDone}>
          {words.codesDone}
        </button>
      </div>
    </section>
  )
}

function Settings(props: {
  me: Me
  whyNot: string
  onCodes: (codes: readonly string[]) => void
  onLeft: () => void
}): VNode {
  const { me, whyNot, onCodes, onLeft } = props
  const [said, setSaid] = useState<Said>()
  const told = (answer: Answer<unknown>, text: string): boolean => {
    setSaid(answer.ok ? (text === '' ? undefined : { level: 'info', text }) : { level: 'bad', text: answer.message })
    return answer.ok
  }
  return (
    <>
      <div class="row">
        <p>{words.signedInAs(me.name)}</p>
        <span class="push row">
          <button
            class="button"
            type="button"
            onClick={() => void mine.signOut().then((answer) => told(answer, '') && onLeft())}
          >
            {words.signOut}
          </button>
          <button
            class="button plain"
            type="button"
            onClick={() => void mine.signOutEverywhere().then((answer) => told(answer, '') && onLeft())}
          >
            {words.signOutAll}
          </button>
        </span>
      </div>
      {said !== undefined && <Notice level={said.level}>{said.text}</Notice>}
      <div class="account-settings">
        <Friends me={me} />
        <section class="card stack" aria-label={words.exportAll}>
          <h2>{words.exportAll}</h2>
          <p class="small muted">{words.exportWhy}</p>
          <div>
            <a class="button" href="/api/account/export" download>
              {words.download}
            </a>
          </div>
        </section>
        {whyNot === '' ? (
          <>
            <Proof
              title={words.changePassphrase}
              action={words.change}
              asksNew
              onProve={async (phrase, newPhrase) =>
                void told(await mine.changePhrase(phrase, newPhrase), words.changed)
              }
            />
            <Proof
              title={words.newCodes}
              why={words.newCodesWhy}
              action={words.newCodes}
              onProve={async (phrase) => {
                const answer = await mine.newCodes(phrase)
                if (told(answer, '') && answer.ok) onCodes(answer.value.codes)
              }}
            />
            <Proof
              title={words.deleteAccount}
              why={words.deleteWhy}
              action={words.deleteSure}
              isGrave
              onProve={async (phrase) => void (told(await mine.delete(phrase), '') && onLeft())}
            />
          </>
        ) : (
          <Notice level="info">{whyNot}</Notice>
        )}
      </div>
    </>
  )
}

/** What needs the passphrase once more. */
function Proof(props: {
  title: string
  action: string
  why?: string
  asksNew?: true
  isGrave?: true
  onProve: (phrase: string, newPhrase: string) => Promise<void>
}): VNode {
  const [phrase, setPhrase] = useState('')
  const [newPhrase, setNewPhrase] = useState('')
  const [isBusy, setBusy] = useState(false)
  return (
    <details class="card">
      <summary>{props.title}</summary>
      <form
        class="stack"
        onSubmit={(event) => {
          event.preventDefault()
          setBusy(true)
          void props.onProve(phrase, newPhrase).finally(() => {
            setBusy(false)
            setPhrase('')
            setNewPhrase('')
          })
        }}
      >
        {props.why !== undefined && <p class="small muted">{props.why}</p>}
        <PhraseField label={words.oldPassphrase} isNew={false} value={phrase} onValue={setPhrase} />
        {props.asksNew === true && (
          <PhraseField label={words.newPassphrase} isNew value={newPhrase} onValue={setNewPhrase} />
        )}
        <button class={props.isGrave === true ? 'button danger' : 'button'} type="submit" disabled={isBusy}>
          {props.action}
        </button>
      </form>
    </details>
  )
}

function Friends({ me }: { me: Me }): VNode {
  const [friends, setFriends] = useState<readonly Friend[]>()
  const [id, setId] = useState('')
  const [trouble, setTrouble] = useState('')
  const load = (): void => void mine.friends().then((answer) => answer.ok && setFriends(answer.value.friends))
  useEffect(load, [])
  const then = (answer: Answer<unknown>): void => {
    setTrouble(answer.ok ? '' : answer.message)
    if (answer.ok) setId('')
    load()
  }
  return (
    <section class="card stack" aria-label={words.friends}>
      <h2>{words.friends}</h2>
      <p class="small muted">{words.friendsWhy}</p>
      {friends !== undefined && friends.length === 0 && <p>{words.noFriends}</p>}
      <ul class="friends">
        {(friends ?? []).map((friend) => (
          <li key={friend.id} class="row">
            <span>
              <strong>{friend.name}</strong>{' '}
              <span class="small muted">
                {friend.riding === null ? words.notRiding : words.ridesOn(friend.riding.mapName)}
              </span>
            </span>
            <button
              class="button plain push"
              type="button"
              aria-label={`${words.remove}: ${friend.name}`}
              onClick={() => void mine.unfriend(friend.id).then(then)}
            >
              {words.remove}
            </button>
          </li>
        ))}
      </ul>
      <form
        class="row"
        onSubmit={(event) => {
          event.preventDefault()
          void mine.befriend(id.trim()).then(then)
        }}
      >
        <label class="field grow">
          <span>{words.friendId}</span>
          <input
            class="input"
            required
            autocomplete="off"
            value={id}
            onInput={(event) => setId(event.currentTarget.value)}
          />
        </label>
        <button class="button" type="submit">
          {words.add}
        </button>
      </form>
      {trouble !== '' && <Notice level="bad">{trouble}</Notice>}
      <p class="small">
        {words.yourId}: <code class="link">{me.id}</code>
      </p>
    </section>
  )
}
