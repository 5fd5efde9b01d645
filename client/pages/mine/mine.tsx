import type { VNode } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { rides as words } from '../../words/rides.ts'
import type { ClientClock } from '../../clock.ts'
import { Notice } from '../parts.tsx'
import { AccountPage } from './account.tsx'
import { MineFrame } from './frame.tsx'
import { GaragePage } from './garage.tsx'
import { mine, type OneRide } from './mine-api.ts'
import { ProfilePage } from './profile.tsx'
import { KeepThem } from './keep-them.tsx'
import { RideView } from './ride-view.tsx'
import { RidesPage } from './rides.tsx'
import './mine.css'

/** Everything that is a rider's own: /rides, /rides/ID, /profile, /garage, /account. Loaded when somebody goes there. */
export function MinePage({ clock, path }: { clock: ClientClock; path: string }): VNode {
  const ride = /^\/rides\/([\w-]{1,64})\/?$/.exec(path)?.[1]
  if (ride !== undefined) return <OneRidePage id={ride} />
  if (path.startsWith('/garage')) return <GaragePage />
  if (path.startsWith('/profile')) return <ProfilePage />
  if (path.startsWith('/account')) return <AccountPage />
  return <RidesPage clock={clock} />
}

function OneRidePage({ id }: { id: string }): VNode {
  const [ride, setRide] = useState<OneRide>()
  const [trouble, setTrouble] = useState('')
  useEffect(() => {
    void mine.ride(id).then((answer) => (answer.ok ? setRide(answer.value) : setTrouble(answer.message)))
  }, [id])
  if (trouble !== '')
    return (
      <MineFrame here="" title={words.myRides}>
        <Notice level="info">{words.unknownRide}</Notice>
      </MineFrame>
    )
  if (ride === undefined) return <main class="page" aria-busy="true" />
  const title = ride.isMine ? ride.eventTitle || ride.mapName : words.someonesRide(ride.name)
  return (
    <MineFrame here="" title={title}>
      {ride.keptUntilMs !== null && <KeepThem untilMs={ride.keptUntilMs} />}
      <RideView ride={ride} title={title} onGone={() => location.assign('/rides')} />
    </MineFrame>
  )
}
