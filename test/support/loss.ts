import assert from 'node:assert/strict'
import type { Json } from '../../functions/adapters/step-functions/distributed-map.ts'
import type { Store } from '../../functions/lake/store.ts'
import { type Rebuilt, rebuildLog } from '../../functions/maintain/rebuild/rebuild.ts'
import { Crash, Faults } from './faulty-store.ts'
import { codecs } from './joining.ts'
import type { World } from './world.ts'

/** Takes objects away, as a mistake in the bucket would. */
export async function lose(world: World, isLost: (key: string) => boolean): Promise<void> {
  for (const key of [...world.store.objects.keys()]) if (isLost(key)) await world.store.delete(key)
}

/** An object is taken away, has a bit changed, or is cut short; `at` says where, from 0 to 1. */
export interface Harm {
  readonly how: 'delete' | 'flip' | 'cut'
  readonly at: number
}

/** The keys of the commits, in the order of their versions. */
export function commitKeys({ store, layout }: World): string[] {
  return [...store.objects.keys()].filter(key => key.startsWith(layout.log) && key.endsWith('.json')).sort()
}

/**
 * Harms one object that is neither bronze nor made of it: a commit, a snapshot, a hint, an entry for Spark's readers or
 * a version of the Delta log, which are taken away at any rate. `which` says which, from 0 to 1. Returns its key.
 */
export async function harmAny(world: World, which: number, { how, at }: Harm): Promise<string | undefined> {
  const { store, layout } = world
  const sink = `${layout.roots.silver}_spark_metadata/`
  const isTold = (key: string) => key.startsWith(sink) || key.startsWith(layout.deltaLog)
  const hints = [layout.published, layout.sparkMetadata, layout.claim]
  const sorted = [...store.objects.keys()].sort()
  const keys = [
    ...sorted.filter(key => key.startsWith(layout.log) || key.startsWith(sink) || hints.includes(key)),
    ...sorted.filter(key => key.startsWith(layout.deltaLog)),
  ]
  const key = keys[Math.floor(which * (keys.length - 1))]
  if (key === undefined) return undefined
  if (how === 'delete' || isTold(key)) {
    await store.delete(key)
    return key
  }
  const bytes = await store.get(key)
  const place = Math.min(bytes.length - 1, Math.floor(at * bytes.length))
  bytes[place] = (bytes[place] ?? 0) ^ (1 << (place % 8))
  await store.put(key, how === 'flip' ? bytes : bytes.subarray(0, place))
  return key
}

/** Takes the log away, but for some keys. */
export function loseLog(world: World, isLeft: (key: string) => boolean = () => false): Promise<void> {
  return lose(world, key => key.startsWith(world.layout.log) && !isLeft(key))
}

/** Takes away what readers were told: the catalog's partitions, the entries for Spark's readers, the Delta log, and the hints. */
export async function loseReaders(world: World): Promise<void> {
  world.catalog.partitions.clear()
  await loseHints(world)
  await loseSink(world)
  await loseDelta(world)
}

/** Takes away the hints of how far readers were told. */
export function loseHints(world: World): Promise<void> {
  const { published, sparkMetadata } = world.layout
  return lose(world, key => key === published || key === sparkMetadata)
}

/** Takes away the Delta log. */
export function loseDelta(world: World): Promise<void> {
  return lose(world, key => key.startsWith(world.layout.deltaLog))
}

/** Takes away the entries for Spark's readers. */
export function loseSink(world: World): Promise<void> {
  return lose(world, key => key.startsWith(`${world.layout.roots.silver}_spark_metadata/`))
}

/** Makes the log anew from what is left. */
export function rebuild(
  world: World,
  options: { readonly store?: Store; readonly dryRun?: boolean } = {},
): Promise<Rebuilt> {
  const { layout, catalog, athena = catalog } = world
  const { executions, patience } = world
  return rebuildLog({
    store: world.store,
    layout,
    codecs,
    executions,
    patience,
    catalog: athena,
    dryRun: false,
    ...options,
  })
}

/** What the log means: the rows that readers see, those that wait, and what is settled. */
export async function meaning(world: World) {
  return { silver: await world.silver(), parked: await world.parked(), settled: await world.settled() }
}

/** The ids of the reviews that readers see, sorted. */
export async function ids(world: World): Promise<string[]> {
  return (await world.silver()).map(row => JSON.parse(row).review_id).sort()
}

/** Everything in the store, each with its version. */
export function contents(world: World): ReadonlyMap<string, string> {
  return new Map([...world.store.objects].map(([key, { etag }]) => [key, etag]))
}

/** Lets an execution die right before its commit: its attempt is whole, and no commit has it. */
export async function dieBeforeCommit(world: World, input: Json = {}): Promise<void> {
  const faults = new Faults(({ name, key }) =>
    name === 'put' && key.startsWith(world.layout.log) ? { when: 'before', error: new Crash('died') } : undefined,
  )
  await assert.rejects(world.run(input, { faults }), Crash)
}
