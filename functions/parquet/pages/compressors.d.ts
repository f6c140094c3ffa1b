/* The one part of hyparquet-compressors that is used; its entry point brings 60 KB of Brotli with it. */
declare module 'hyparquet-compressors/src/gzip.js' {
  export function gunzip(input: Uint8Array, output: Uint8Array): Uint8Array
}
