import { elementAt } from '../../../base/at.ts'
import type { Hasher } from './spark-hash.ts'

const P1 = 0x9e3779b185ebca87n
const P2 = 0xc2b2ae3d27d4eb4fn
const P3 = 0x165667b19e3779f9n
const P4 = 0x85ebca77c2b2ae63n
const P5 = 0x27d4eb2f165667c5n

/** XXH64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md); int and long are their little-endian bytes. */
export const xxhash64: Hasher<bigint> = {
  int: (value, seed) => finish(word(u64(seed + P5 + 4n), BigInt(value >>> 0))),
  long: (value, seed) => finish(long(u64(seed + P5 + 8n), u64(value))),
  bytes: (bytes, seed) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    let at = 0
    let hash = u64(seed + P5)
    if (bytes.length >= 32) {
      const lanes: [bigint, bigint, bigint, bigint] = [u64(seed + P1 + P2), u64(seed + P2), u64(seed), u64(seed - P1)]
      for (; at + 32 <= bytes.length; at += 32) {
        for (let lane = 0; lane < 4; lane++)
          lanes[lane] = round(elementAt(lanes, lane), view.getBigUint64(at + 8 * lane, true))
      }
      hash = u64(rotate(lanes[0], 1n) + rotate(lanes[1], 7n) + rotate(lanes[2], 12n) + rotate(lanes[3], 18n))
      for (const lane of lanes) hash = u64((hash ^ round(0n, lane)) * P1 + P4)
    }
    hash = u64(hash + BigInt(bytes.length))
    for (; at + 8 <= bytes.length; at += 8) hash = long(hash, view.getBigUint64(at, true))
    if (at + 4 <= bytes.length) {
      hash = word(hash, BigInt(view.getUint32(at, true)))
      at += 4
    }
    for (; at < bytes.length; at++) hash = u64(rotate(hash ^ u64(BigInt(view.getUint8(at)) * P5), 11n) * P1)
    return finish(hash)
  },
}

function u64(value: bigint): bigint {
  return BigInt.asUintN(64, value)
}

function rotate(value: bigint, by: bigint): bigint {
  return u64(value << by) | (value >> (64n - by))
}

function round(lane: bigint, input: bigint): bigint {
  return u64(rotate(u64(lane + u64(input * P2)), 31n) * P1)
}

function word(hash: bigint, input: bigint): bigint {
  return u64(rotate(hash ^ u64(input * P1), 23n) * P2 + P3)
}

function long(hash: bigint, input: bigint): bigint {
  return u64(rotate(hash ^ round(0n, input), 27n) * P1 + P4)
}

function finish(value: bigint): bigint {
  let hash = u64((value ^ (value >> 33n)) * P2)
  hash = u64((hash ^ (hash >> 29n)) * P3)
  return BigInt.asIntN(64, hash ^ (hash >> 32n))
}
