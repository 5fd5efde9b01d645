import type { Notice, NoticeCode } from '#protocol/notices'
import { inLanguage } from './language.ts'

type NoticeWords = Readonly<Record<NoticeCode, (name: string) => string>>

const words = await inLanguage<Partial<NoticeWords>>({}, { de: async () => (await import('./notices.de.ts')).de })

/** What a room tells this rider. In English that is the server's own sentence, as it is for a code that a newer server knows. */
export function noticeText({ code, name, message }: Notice): string {
  return words[code]?.(name ?? '') ?? message
}
