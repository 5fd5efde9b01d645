import { createHash } from 'node:crypto'

/** Letters that are not mistaken for each other on paper. */
const LETTERS = 'ABCDEFGHJKMNPQRSTVWXYZ23456789'
const CODE_LETTERS = 16
const GROUP = 4
export const CODES = 8

/** Codes to print: 78 bits each, so a fast hash keeps them. There is no e-mail here that could help otherwise. */
export function newCodes(randomBytes: (count: number) => Uint8Array): string[] {
  return Array.from({ length: CODES }, () => {
    let code = ''
    while (code.length < CODE_LETTERS) {
      for (const byte of randomBytes(CODE_LETTERS)) {
        // No letter is likelier than another: what does not divide evenly is thrown away.
        if (byte < 256 - (256 % LETTERS.length) && code.length < CODE_LETTERS) code += LETTERS[byte % LETTERS.length]!
      }
    }
    return code.match(new RegExp(`.{${GROUP}}`, 'g'))!.join('-')
  })
}

/** However it was typed off the paper. */
export function codeHash(code: string): string {
  const plain = code.toUpperCase().replace(/[^A-Z0-9]/g, '')
  return createHash('sha256').update(`recovery ${plain}`).digest('hex')
}
