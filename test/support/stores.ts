import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { S3Store } from '../../functions/adapters/s3/s3-store.ts'
import { MountedStore } from '../../functions/lake/mounted-store.ts'
import type { ObjectInfo, Store } from '../../functions/lake/store.ts'
import { MemoryStore } from './memory-store.ts'
import { type S3Server, startS3 } from './s3-server.ts'

/** The text as bytes, in UTF-8. */
export const bytes = (text: string) => new TextEncoder().encode(text)
/** The condition that there is no object yet. */
export const absent = { ifNoneMatch: '*' } as const

/** The keys of a listing. */
export async function collect(listing: AsyncIterable<ObjectInfo>): Promise<string[]> {
  const keys: string[] = []
  for await (const { key } of listing) keys.push(key)
  return keys
}

/** Every byte differs from its neighbours, so that a shifted range shows. */
export function pattern(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 7 + seed) & 255
  return bytes
}

/** The parts in a row. */
export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat(parts))
}

/** Keys with characters that a store may stumble over. */
const ODD = [
  'plain',
  'with space and+plus',
  'a%2Fb',
  'a/b',
  'quote\'and"double',
  'new\nline',
  'equals=sign/part=1',
  'ünï/ço/dé 日本 😀',
  '<&>;:@,!$*()[]{}|^~`?#',
  'tab\there',
  `${'long/'.repeat(200)}x`,
]

/** Empty stores of every kind, on one S3 server. */
export class Stores {
  readonly server: S3Server
  readonly #directories: string[] = []
  #buckets = 0

  constructor(server: S3Server) {
    this.server = server
  }

  async directory(): Promise<Store> {
    const directory = await mkdtemp(join(tmpdir(), 'silversmith-'))
    this.#directories.push(directory)
    return new DirectoryStore(directory)
  }

  bucket(prefix = ''): S3Store {
    const name = `lake-${++this.#buckets}`
    this.server.bucket(name)
    return new S3Store(this.server.client(), name, prefix)
  }

  /** Below a prefix, with neighbours that a prefix without its slash would take in. */
  below(): Store {
    const store = this.bucket('some/one/')
    const bucket = this.server.bucket(`lake-${this.#buckets}`)
    for (const key of ['some/one', 'some/one-more/k', 'some/k', 'k']) {
      bucket.put(key, Buffer.from('another'), { ifNoneMatch: undefined, ifMatch: undefined })
    }
    return store
  }

  /** Keys that begin with `a/` or `lar` lie in another bucket. */
  mounted(): Store {
    const mount = (at: string) => ({ at, store: this.bucket('elsewhere/') })
    return new MountedStore(this.bucket(), [mount('a/'), mount('lar')])
  }

  async close(): Promise<void> {
    await this.server.close()
    for (const directory of this.#directories) await rm(directory, { recursive: true })
  }
}

/** Gives the stores to the tests of a suite, and closes them after it. */
export function openStores(): () => Stores {
  let stores: Stores | undefined
  before(async () => {
    stores = new Stores(await startS3())
  })
  after(() => stores?.close())
  return () => {
    if (!stores) throw new Error('the stores are open within tests only')
    return stores
  }
}

/** Describes what each kind of store must do: `tests` gets an empty one before each test, and keys that it can hold. */
export function describeStores(
  what: string,
  tests: (store: () => Store, hostileKeys: readonly string[]) => void,
): void {
  describe('stores', () => {
    const stores = openStores()
    const kinds: [string, () => Store | Promise<Store>, readonly string[]][] = [
      ['the directory store', () => stores().directory(), ODD],
      ['the S3 store', () => stores().bucket(), [...ODD, 'back\\slash', 'x'.repeat(1000)]],
      ['the S3 store below a prefix', () => stores().below(), [...ODD.slice(0, -1), 'back\\slash', 'x'.repeat(1000)]],
      ['a lake that is mounted from two buckets', () => stores().mounted(), [...ODD, 'back\\slash']],
      ['the memory store of the tests', () => new MemoryStore(), [...ODD, 'back\\slash', 'x'.repeat(1000)]],
    ]
    for (const [name, open, hostileKeys] of kinds) {
      describe(`${name} ${what}`, () => {
        let store: Store
        beforeEach(async () => {
          store = await open()
        })
        tests(() => store, hostileKeys)
      })
    }
  })
}
