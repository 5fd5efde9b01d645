// The part of `npm run check` that neither compiler nor linter knows: prints what breaks a rule of docs/HOUSE.md.
import { hostname } from 'node:os'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { applyRule, buildHouse } from './house.ts'
import { houseRules } from './rules.ts'
import { readTree } from './tree.ts'

const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '')
const registry = process.env['npm_config_registry'] ?? ''
const machine = {
  hostName: hostname(),
  rootFolder: `${dirname(root)}/`,
  registryHost: URL.canParse(registry) ? new URL(registry).hostname : '',
}
const house = buildHouse(readTree(root))
let count = 0
for (const rule of houseRules(machine)) {
  for (const { path, line, sentence } of applyRule(rule, house)) {
    process.stdout.write(`${path}:${line}  [${rule.id}] ${sentence}\n`)
    count++
  }
}
process.stdout.write(count === 0 ? `${house.modules.size} files, all in order\n` : `${count} broken rules\n`)
process.exitCode = count === 0 ? 0 : 1
