import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { operationsPage } from './operations.ts'

test('docs/operations.md is what the tables say (write it with: npm run docs)', () => {
  const page = readFileSync(new URL('../docs/operations.md', import.meta.url), 'utf8')
  expect(page).toBe(operationsPage())
})
