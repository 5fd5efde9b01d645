import { useEffect, useState } from 'preact/hooks'
import { sentenceFor } from '../../words/errors.ts'
import { mine, type WhoAmI } from './mine-api.ts'

/** Who is signed in here; undefined while nobody has answered. */
export function useWho(): [WhoAmI | undefined, (who: WhoAmI) => void] {
  const [who, setWho] = useState<WhoAmI>()
  useEffect(() => {
    void mine
      .who()
      .then((answer) => setWho(answer.ok ? inWords(answer.value) : { account: null, whyNot: answer.message }))
  }, [])
  return [who, setWho]
}

/** Why nobody can sign in here comes as the server's English. */
function inWords(who: WhoAmI): WhoAmI {
  return who.whyNot === '' ? who : { ...who, whyNot: sentenceFor('ERR_INSECURE', who.whyNot) ?? who.whyNot }
}
