import assert from 'node:assert/strict'
import type { GlueClient } from '@aws-sdk/client-glue'
import { connectGlue } from '../../../functions/adapters/athena/glue.ts'
import { SchemaChanged } from '../../../functions/base/errors.ts'
import { AthenaCatalog } from '../../../functions/readers/athena/athena-catalog.ts'
import { columns } from '../../support/compile-query.ts'

const NAME = { database: 'silver', table: 'reviews' }
const ROOT = 's3://lake/silver/reviews/'

interface Command {
  readonly input: Readonly<Record<string, unknown>>
  readonly constructor: { readonly name: string }
}

/** The catalog on a Glue that answers as told; what was asked is kept. */
function catalogOn(answer: (command: Command) => object) {
  const asked: Command[] = []
  const send = async (command: Command) => {
    asked.push(command)
    return answer(command)
  }
  const client = { send } as unknown as GlueClient // its two commands are all that is sent
  const athena = { run: async () => assert.fail('no statement is needed') }
  return { catalog: new AthenaCatalog(athena, connectGlue(client, NAME), NAME, ROOT), asked }
}

const named = (name: string) => Object.assign(new Error(`${name} of Glue`), { name })
const partition = (batch: string, Location: string) => ({
  Values: ['2026-11-24', batch],
  StorageDescriptor: { Location },
})

describe('the partitions that Glue has', () => {
  it('are listed page by page, each with its location below the table, or the whole of one elsewhere', async () => {
    const { catalog, asked } = catalogOn(({ input }) => {
      if (input.NextToken === undefined)
        return { Partitions: [partition('a', `${ROOT}x/a/`), partition('b', `${ROOT}x/b`)], NextToken: 'more' }
      return { Partitions: [partition('c', 's3://elsewhere/c'), { Values: ['2026-11-24', 'd'] }] }
    })
    assert.deepEqual(await catalog.listPartitions(), [
      { ingestDate: '2026-11-24', batch: 'a', location: 'x/a/' },
      { ingestDate: '2026-11-24', batch: 'b', location: 'x/b/' },
      { ingestDate: '2026-11-24', batch: 'c', location: 's3://elsewhere/c/' },
      { ingestDate: '2026-11-24', batch: 'd', location: '/' },
    ])
    assert.deepEqual(
      asked.map(({ input }) => [input.MaxResults, input.ExcludeColumnSchema, input.NextToken]),
      [
        [1000, true, undefined],
        [1000, true, 'more'],
      ],
    )
  })

  it('are none where there is no table', async () => {
    const { catalog } = catalogOn(() => {
      throw named('EntityNotFoundException')
    })
    assert.deepEqual(await catalog.listPartitions(), [])
  })

  it('are dropped by their values, whatever these are; one that is gone already is no error', async () => {
    const { catalog, asked } = catalogOn(({ input }) => {
      if (String(input.PartitionValues).includes('gone')) throw named('EntityNotFoundException')
      return {}
    })
    const dropped = ["it's", 'gone', 'a/b\n'].map(batch => ({ ingestDate: '2020-01-01', batch, location: 'x/' }))
    await catalog.dropPartitions(dropped)
    assert.deepEqual(
      asked.map(command => [command.constructor.name, command.input.TableName, command.input.PartitionValues]),
      dropped.map(({ batch }) => ['DeletePartitionCommand', 'reviews', ['2020-01-01', batch]]),
    )
  })

  it('are an error that says what to check, or one that passes by itself', async () => {
    for (const [name, error, message] of [
      ['AccessDeniedException', 'AthenaFailed', /AccessDeniedException of Glue\): check the role's policy/],
      ['ThrottlingException', 'AthenaUnavailable', /^Glue did not answer \(ThrottlingException\)$/],
      ['InternalServiceException', 'AthenaUnavailable', /^Glue did not answer/],
    ] as const) {
      const { catalog } = catalogOn(() => {
        throw named(name)
      })
      await assert.rejects(catalog.listPartitions(), { name: error, message })
      const dropped = catalog.dropPartitions([{ ingestDate: 'x', batch: 'y', location: 'z/' }])
      await assert.rejects(dropped, { name: error, message })
    }
  })
})

describe('the table that Athena has', () => {
  async function ensure(...described: readonly string[]): Promise<string[]> {
    const statements: string[] = []
    const athena = {
      run: async (sql: string) => {
        statements.push(sql)
        return sql.startsWith('DESCRIBE') ? described.map(line => [line]) : []
      },
    }
    const glue = { list: async () => [], drop: async () => assert.fail('nothing is dropped') }
    await new AthenaCatalog(athena, glue, NAME, ROOT).ensureTable(columns('id int, tags array<struct<a:int>>'), '')
    return statements.filter(sql => sql.startsWith('ALTER'))
  }

  it('gets the columns that it lacks', async () => {
    assert.deepEqual(
      await ensure('id\tint\t', 'tags\tarray<struct<a:int>>\t', 'ingest_date\tstring\t', '', '# Partition'),
      [],
    )
    assert.deepEqual(await ensure('id                  \tint                 \t'), [
      'ALTER TABLE `silver`.`reviews` ADD COLUMNS (`tags` array<struct<a:int>>)',
    ])
  })

  it('is refused where a column has another type, or one that silver has no columns of', async () => {
    await assert.rejects(ensure('id\tbigint\t'), {
      name: 'SchemaChanged',
      message: /^column id is bigint in silver.reviews and int/,
    })
    await assert.rejects(
      ensure('id\tvarchar(10)\t'),
      new SchemaChanged(
        'column id is varchar(10) in Athena, which no column of silver.reviews can be: somebody altered the table; give the column its type back',
      ),
    )
  })
})
