import { inLanguage } from './language.ts'
import { en } from './sensors.en.ts'

/** Everything that the pages say of trainer and sensors. What comes from the legs themselves (`words` in LegsState) is theirs. */
export const sensorWords = await inLanguage(en, { de: async () => (await import('./sensors.de.ts')).de })
