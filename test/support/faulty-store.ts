import type { ObjectWriter, Store, WriteCondition } from '../../functions/lake/store.ts'
import type { Catalog } from '../../functions/readers/athena/catalog.ts'

/** What a Fault decides for one operation: nothing, or an error before it takes effect or after. */
export type Fault = { readonly when: 'before' | 'after'; readonly error: Error } | undefined

/** One operation on the store or the catalog, as it is about to happen. */
export interface Operation {
  /** Its number, from 1. */
  readonly number: number
  readonly name: string
  readonly key: string
}

/** Decides which operations go wrong. */
export class Faults {
  #number = 0
  readonly #decide: (operation: Operation) => Fault

  constructor(decide: (operation: Operation) => Fault) {
    this.#decide = decide
  }

  /** Operations so far. */
  get count(): number {
    return this.#number
  }

  async around<T>(name: string, key: string, act: () => Promise<T>): Promise<T> {
    const fault = this.#decide({ number: ++this.#number, name, key })
    if (fault?.when === 'before') throw fault.error
    const result = await act()
    if (fault) throw fault.error
    return result
  }
}

/** Faults that do no harm, but let others act right before an operation. */
export class Meanwhile extends Faults {
  readonly #act: (operation: Pick<Operation, 'name' | 'key'>) => Promise<unknown>

  constructor(act: (operation: Pick<Operation, 'name' | 'key'>) => Promise<unknown>) {
    super(() => undefined)
    this.#act = act
  }

  override async around<T>(name: string, key: string, act: () => Promise<T>): Promise<T> {
    await this.#act({ name, key })
    return super.around(name, key, act)
  }
}

/** The process is gone: this operation and every later one fail. */
export class Crash extends Error {
  override readonly name = 'Crash'
}

/** Faults that let a process die at its k-th operation, before or after the operation's effect. */
export function crashAt(k: number, when: 'before' | 'after'): Faults {
  return new Faults(({ number }) => {
    if (number < k) return undefined
    return { when: number === k ? when : 'before', error: new Crash(`died at operation ${k}, ${when} its effect`) }
  })
}

/** A store whose operations may go wrong. */
export function faultyStore(store: Store, faults: Faults): Store {
  return {
    get: (key, options) => faults.around('get', key, () => store.get(key, options)),
    head: key => faults.around('head', key, () => store.head(key)),
    put: (key, body, condition) => faults.around('put', key, () => store.put(key, body, condition)),
    delete: key => faults.around('delete', key, () => store.delete(key)),
    writer: (key: string, condition?: WriteCondition): ObjectWriter => {
      const writer = store.writer(key, condition)
      return {
        get position() {
          return writer.position
        },
        write: bytes => faults.around('write', key, () => writer.write(bytes)),
        copy: (source, range) => faults.around('copy', key, () => writer.copy(source, range)),
        close: () => faults.around('close', key, () => writer.close()),
        abort: () => writer.abort(),
      }
    },
    async *list(prefix, options) {
      await faults.around('list', prefix, async () => undefined)
      yield* store.list(prefix, options)
    },
  }
}

/** A catalog whose operations may go wrong. */
export function faultyCatalog(catalog: Catalog, faults: Faults): Catalog {
  return new Proxy(catalog, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...call: unknown[]) => faults.around(String(name), '', async () => value.apply(target, call))
    },
  })
}
