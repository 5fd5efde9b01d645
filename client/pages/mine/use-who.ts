import { useEffect, useState } from 'preact/hooks'
import { mine, type WhoAmI } from './mine-api.ts'

/** Who is signed in here; undefined while nobody has answered. */
export function useWho(): [WhoAmI | undefined, (who: WhoAmI) => void] {
  const [who, setWho] = useState<WhoAmI>()
  useEffect(() => {
    void mine.who().then((answer) => setWho(answer.ok ? answer.value : { account: null, whyNot: answer.message }))
  }, [])
  return [who, setWho]
}
