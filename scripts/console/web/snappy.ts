import { snappyUncompress } from 'hyparquet'

/**
 * Stands in for hysnappy in the bundle: that is WebAssembly, which the page's content security policy does not let run.
 * `compressors` of hyparquet-compressors calls this as it is loaded.
 */
export function snappyUncompressor(): (input: Uint8Array, outputLength: number) => Uint8Array {
  return (input, outputLength) => {
    const output = new Uint8Array(outputLength)
    snappyUncompress(input, output)
    return output
  }
}
export { snappyUncompress }
