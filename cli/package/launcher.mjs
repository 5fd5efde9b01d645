#!/usr/bin/env node
// What a rider's package starts with. Plain JavaScript for Node 20; it becomes gruppetto.mjs of the package, beside cli/.
// Node 20 has all that a rider's commands use but three functions of ES2024; newer ones have them.
Promise.withResolvers ??= function withResolvers() {
  let resolve, reject
  const promise = new this((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}
Object.groupBy ??= (items, keyOf) => Object.fromEntries(Map.groupBy(items, keyOf))
Map.groupBy ??= (items, keyOf) => {
  const groups = new Map()
  let index = 0
  for (const item of items) {
    const key = keyOf(item, index++)
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [item])
    else group.push(item)
  }
  return groups
}

const OLDEST = 20
const major = Number(process.versions.node.split('.')[0])
if (major < OLDEST) {
  process.stderr.write(
    `Gruppetto needs Node ${OLDEST} or newer; this is ${process.versions.node}: install it from https://nodejs.org.\n`,
  )
  process.exit(1)
}
// It sees who started it. Beside this file in the package, not here.
await import(new URL('cli/main.js', import.meta.url).href)
