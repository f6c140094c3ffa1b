import { md5, sha1 } from '@noble/hashes/legacy.js'
import { sha224, sha256, sha384, sha512 } from '@noble/hashes/sha2.js'
import { elementAt } from '../../base/at.ts'
import { crc32 } from '../../base/crc32.ts'
import { toLowerHex } from '../evaluate/bytes-text.ts'
import { murmur3 } from '../evaluate/hash/murmur3.ts'
import { type Hasher, hashOf, SEED } from '../evaluate/hash/spark-hash.ts'
import { xxhash64 } from '../evaluate/hash/xxhash64.ts'
import { type Call, type Definition, type Evaluate, lazy, partial, strict } from './definition.ts'

/** By the number of bits; Spark takes 0 for 256. */
const SHA2: Readonly<Record<number, (bytes: Uint8Array) => Uint8Array>> = {
  0: sha256,
  224: sha224,
  256: sha256,
  384: sha384,
  512: sha512,
}

/** Hashes of bytes, and Spark's own over any number of values. */
export const HASHES: readonly Definition[] = [
  strict('md5', 'binary', 'string', bytes => toLowerHex(md5(bytes))),
  strict('sha1 sha', 'binary', 'string', bytes => toLowerHex(sha1(bytes))),
  partial('sha2', 'binary, int', 'string', (bytes, bits) => {
    const hash = SHA2[bits]
    return hash ? toLowerHex(hash(bytes)) : null
  }),
  strict('crc32', 'binary', 'bigint', bytes => BigInt(crc32(bytes) >>> 0)),
  lazy('hash', 'hashable, hashable*', 'int', 'never', (args, call) => hashAll(murmur3, SEED, args, call)),
  lazy('xxhash64', 'hashable, hashable*', 'bigint', 'never', (args, call) =>
    hashAll(xxhash64, BigInt(SEED), args, call),
  ),
]

function hashAll<H extends number | bigint>(hasher: Hasher<H>, seed: H, args: readonly Evaluate[], call: Call) {
  const hashes = call.args.map(arg => hashOf(hasher, arg.type))
  return (values: Parameters<Evaluate>[0]) => {
    let hash = seed
    for (const [i, arg] of args.entries()) {
      const value = arg(values)
      if (value !== null) hash = elementAt(hashes, i)(value, hash)
    }
    return hash
  }
}
