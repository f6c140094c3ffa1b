import { codecs } from '../../functions/adapters/codecs.ts'
import { once } from '../../functions/base/once.ts'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { isBatchId } from '../../functions/lake/ids.ts'
import { needCommit } from '../../functions/log/read.ts'
import { batchPage, commitFiles } from '../../functions/maintain/console/batch-page.ts'
import { parkedByDay, totalsOf } from '../../functions/maintain/console/now.ts'
import { pathOf } from '../../functions/maintain/console/path.ts'
import { queryView } from '../../functions/maintain/console/query-view.ts'
import { rowFiles } from '../../functions/maintain/console/row-files.ts'
import { commitPage, timeline } from '../../functions/maintain/console/timeline.ts'
import { explainReview } from '../../functions/maintain/why/explain-review.ts'
import { encodeCommit } from '../../functions/protocol/commit.ts'
import { flowOf } from '../../functions/report/flow.ts'
import { wordOf } from '../command-line/command.ts'
import type { Api, ApiPath } from './api.ts'
import type { LakeWatch } from './lake-watch.ts'
import { layMachine } from './machine.ts'

/** What people look at when they check the table by hand. */
const VALIDATION = ['product_title', 'star_rating', 'review_timestamp', 'customer_name', 'gender', 'city', 'state']

/** The most lines of an answer. */
const MOST = 1000

type Routes = { readonly [Path in ApiPath]: (watch: LakeWatch, asked: URLSearchParams) => Promise<Api[Path]> }

const machine = once(layMachine)

/** What answers each path, from what was asked for in the address. Throws UsageError for what can't be asked for. */
export const ROUTES: Routes = {
  '/api/now': watch => watch.now(),
  '/api/machine': machine,
  '/api/flow': async ({ index }, asked) => {
    const range = { batch: batchOf(asked), from: timeOf(asked, 'from'), to: timeOf(asked, 'to') }
    return { range, flow: flowOf(index.lines, range), totals: totalsOf(index) }
  },
  '/api/timeline': async ({ index }, asked) => {
    return { total: index.lines.length, bars: timeline(index.lines, numberOf(asked, 'bars', 240)) }
  },
  '/api/batches': async ({ index }, asked) => commitPage(index.lines, numberOf(asked, 'offset', 0), limitOf(asked)),
  '/api/batch': async ({ lake, index }, asked) => {
    const page = await batchPage(lake, index, batchOf(asked) ?? '')
    if (!page) throw new Refusal(`the log has no batch ${asked.get('batch')}`)
    return page
  },
  '/api/batch/files': async ({ lake, index }, asked) => {
    const version = versionOf(asked, index.lines.length)
    return commitFiles(lake, version, { offset: numberOf(asked, 'offset', 0), limit: limitOf(asked) })
  },
  '/api/commit': async ({ lake, index }, asked) => {
    return encodeCommit(await needCommit(lake.store, lake.layout, versionOf(asked, index.lines.length)))
  },
  '/api/rows': async ({ lake, index }, asked) => {
    const set = wordOf('set', asked.get('set') ?? 'silver', ['silver', 'parked', 'quarantined'])
    const batch = batchOf(asked)
    const names = index.state.schema.map(({ name }) => name)
    const first = VALIDATION.flatMap(each => names.find(name => name.toLowerCase() === each) ?? [])
    const columns = [...first, ...names.filter(name => !first.includes(name))]
    return { set, batch: batch ?? null, files: rowFiles(index, lake.layout, set, batch), columns }
  },
  '/api/trouble': async watch => ({ ...(await watch.trouble()), parkedByDay: parkedByDay(watch.index.state) }),
  '/api/why': async ({ lake, where }, asked) => {
    const id = asked.get('id') ?? ''
    if (id === '') throw new UsageError('id is missing: the id of a review')
    const column = asked.get('column') || 'review_id'
    const { stories, unsearched, lost } = await explainReview({ ...lake, codecs: codecs(), id, column })
    return { id, paths: stories.map(pathOf), unsearched, lost, where }
  },
  '/api/query': async ({ lake, index }) => {
    const root = lake.uri.startsWith('s3:') ? lake.uri : 's3://your-bucket/'
    return (await queryView(lake, index, `${root}${lake.layout.roots.silver}`)) ?? null
  },
}

export function isApiPath(path: string): path is ApiPath {
  return Object.hasOwn(ROUTES, path)
}

function batchOf(asked: URLSearchParams): string | undefined {
  const id = asked.get('batch')
  if (id === null || id === '') return undefined
  if (!isBatchId(id)) throw new UsageError(`${id} is not a batch id such as 20261124T071500Z-3f9a12cd`)
  return id
}

function timeOf(asked: URLSearchParams, name: string): string | undefined {
  const text = asked.get(name)
  if (text === null || text === '') return undefined
  const time = Date.parse(text)
  if (Number.isNaN(time)) throw new UsageError(`${name} must be a time such as 2026-11-24T07:15:00Z, not ${text}`)
  return new Date(time).toISOString()
}

function numberOf(asked: URLSearchParams, name: string, otherwise: number): number {
  const text = asked.get(name)
  if (text === null) return otherwise
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new UsageError(`${name} must be a whole number, not ${text}`)
  return value
}

function limitOf(asked: URLSearchParams): number {
  return Math.min(MOST, numberOf(asked, 'limit', 100))
}

function versionOf(asked: URLSearchParams, commits: number): number {
  const version = numberOf(asked, 'version', commits - 1)
  if (version >= commits) throw new UsageError(`the log has no version ${version}`)
  return version
}
