import type { Plugin } from 'vite'
/**
 * Gzip as small as deflate gets (4 % below level 9), which costs two seconds when the page is built and nothing when it is
 * read: the format is the same. Where the optional package was left out it is level 9. docs/client.md [V111]
 */
export declare function smallGzip(text: Uint8Array): Promise<Uint8Array>
/** Beside each script that is written, its gzip, which is what goes out (server/http/client-build.ts does the other files). */
export declare function gzipPlugin(): Plugin
