/**
 * Flags for the Node of a server. Its young generation is kept small, MB: node:crypto makes an object a packet, each with
 * a finaliser, and by itself V8 lets so many pile up that clearing them away stops the world for most of a tick. [D201]
 */
export const SERVER_NODE_FLAGS: readonly string[] = ['--max-semi-space-size=8']
