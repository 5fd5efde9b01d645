/** The languages the pages speak. A new one is a file beside each `*.en.ts`, and a line here. */
export const LANGUAGES = ['en', 'de'] as const
export type Language = (typeof LANGUAGES)[number]

export const LANGUAGE_KEY = 'gruppetto.language'

/** What the rider chose, else what the browser asks for, else English. Where there is no browser: English. */
export function language(): Language {
  for (const wish of [chosen(), ...asked()]) {
    const known = LANGUAGES.find((name) => wish === name || wish?.startsWith(`${name}-`))
    if (known !== undefined) return known
  }
  return 'en'
}

/** For numbers, times and dates: the browser's own variant of the language in use (British, American …), else one that counts hours to 24. */
export function locale(): string {
  const used = language()
  const own = 'document' in globalThis ? asked().find((name) => name.startsWith(`${used}-`)) : undefined
  return own ?? (used === 'en' ? 'en-GB' : used)
}

/**
 * The words of one room of the client, in the language in use. Each room has `NAME.en.ts` with a plain object of texts
 * and functions that make texts, `NAME.de.ts` of the same type, and `NAME.ts` that awaits this: English comes with the
 * page, another language is fetched before the page draws. Who changes the language loads the page anew.
 */
export async function inLanguage<Words>(
  english: Words,
  others: Readonly<Record<Exclude<Language, 'en'>, () => Promise<Words>>>,
): Promise<Words> {
  const wanted = language()
  if (wanted === 'en') return english
  // A page that cannot be fetched just now is better in English than not at all.
  return await others[wanted]().catch(() => english)
}

function chosen(): string | undefined {
  try {
    return globalThis.localStorage?.getItem(LANGUAGE_KEY) ?? undefined
  } catch {
    return undefined // Storage switched off.
  }
}

function asked(): readonly string[] {
  return globalThis.navigator?.languages ?? []
}
