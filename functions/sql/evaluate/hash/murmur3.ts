import type { Hasher } from './spark-hash.ts'

/** Murmur3 of 32 bits as Spark has it: the bytes after the last whole word are mixed in one by one, with their sign. */
export const murmur3: Hasher<number> = {
  int: (value, seed) => finish(mix(seed, value), 4),
  long: (value, seed) => {
    const low = Number(BigInt.asIntN(32, value))
    const high = Number(BigInt.asIntN(32, value >> 32n))
    return finish(mix(mix(seed, low), high), 8)
  },
  bytes: (bytes, seed) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const aligned = bytes.length - (bytes.length % 4)
    let hash = seed
    for (let at = 0; at < aligned; at += 4) hash = mix(hash, view.getInt32(at, true))
    for (let at = aligned; at < bytes.length; at++) hash = mix(hash, view.getInt8(at))
    return finish(hash, bytes.length)
  },
}

function mix(hash: number, value: number): number {
  const word = Math.imul(rotate(Math.imul(value, 0xcc9e2d51), 15), 0x1b873593)
  return (Math.imul(rotate(hash ^ word, 13), 5) + 0xe6546b64) | 0
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by))
}

function finish(value: number, length: number): number {
  let hash = value ^ length
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
