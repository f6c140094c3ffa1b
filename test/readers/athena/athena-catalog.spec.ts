import assert from 'node:assert/strict'
import type { GlueClient } from '@aws-sdk/client-glue'
import { connectGlue } from '../../../functions/adapters/athena/glue.ts'
import { SchemaChanged } from '../../../functions/base/errors.ts'
import { AthenaCatalog, AthenaDeltaCatalog } from '../../../functions/readers/athena/athena-catalog.ts'
import type { GluePartition, GlueTable } from '../../../functions/readers/athena/glue-table.ts'
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
  return { catalog: new AthenaCatalog({ athena, glue: connectGlue(client, NAME), name: NAME, root: ROOT }), asked }
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

  it('are dropped by their values, whatever these are; one that is gone already is not an error', async () => {
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

describe('the table that Glue has', () => {
  /** A Glue with one table and its partitions, as the SDK's commands meet it. */
  function glueOf(table?: GlueTable) {
    let there = table && { ...table, VersionId: '3' }
    const partitions = new Map<string, string>()
    const asked: string[] = []
    const send = async (command: Command) => {
      const { input } = command
      const { name: kind } = command.constructor
      asked.push(kind.replace('Command', ''))
      switch (kind) {
        case 'GetTableCommand':
          if (!there) throw named('EntityNotFoundException')
          return { Table: there }
        case 'CreateTableCommand':
          if (there) throw named('AlreadyExistsException')
          there = { ...(input.TableInput as GlueTable), VersionId: '0' }
          return {}
        case 'UpdateTableCommand':
          if (input.VersionId !== there?.VersionId) throw named('ConcurrentModificationException')
          there = { ...(input.TableInput as GlueTable), VersionId: '4' }
          return {}
        case 'BatchCreatePartitionCommand': {
          const Errors = (input.PartitionInputList as GluePartition[]).flatMap(({ Values, StorageDescriptor }) => {
            const name = Values.join('/')
            if (name.endsWith('ill')) return [{ ErrorDetail: { ErrorCode: 'InternalServiceException' } }]
            if (partitions.has(name)) return [{ ErrorDetail: { ErrorCode: 'AlreadyExistsException' } }]
            partitions.set(name, StorageDescriptor.Location ?? '')
            return []
          })
          return { Errors }
        }
        case 'BatchUpdatePartitionCommand':
          for (const { PartitionInput } of input.Entries as { PartitionInput: GluePartition }[])
            partitions.set(PartitionInput.Values.join('/'), PartitionInput.StorageDescriptor.Location ?? '')
          return {}
        default:
          return assert.fail(kind)
      }
    }
    const client = { send } as unknown as GlueClient // its commands are all that is sent
    const athena = { run: async () => assert.fail('no statement is needed') }
    const place = { athena, glue: connectGlue(client, NAME), name: NAME, root: ROOT }
    const [catalog, onDelta] = [new AthenaCatalog(place), new AthenaDeltaCatalog(place)]
    return { catalog, onDelta, asked, partitions, columns: () => there?.StorageDescriptor?.Columns, table: () => there }
  }
  const wanted = columns('id int, Tags array<struct<Aa:int>>')
  const inGlue = [
    { Name: 'id', Type: 'int' },
    { Name: 'tags', Type: 'array<struct<aa:int>>' },
  ]
  const tableWith = (...Columns: { Name: string; Type: string }[]) => ({
    Name: 'reviews',
    Owner: 'somebody',
    StorageDescriptor: { Columns, Location: ROOT },
  })

  it('is made as CREATE EXTERNAL TABLE would make it, with names in lower case', async () => {
    const { catalog, table, columns: there } = glueOf()
    await catalog.ensureTable(wanted, "It's\nsilver")
    assert.deepEqual(there(), inGlue)
    const { TableType, Parameters, PartitionKeys, StorageDescriptor } = table() ?? assert.fail()
    assert.deepEqual(
      [TableType, Parameters?.comment, PartitionKeys?.map(({ Name }) => Name), StorageDescriptor?.Location],
      ['EXTERNAL_TABLE', "It's silver", ['ingest_date', 'batch'], ROOT],
    )
    assert.match(StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? '', /ParquetHiveSerDe$/)
  })

  it('gets the columns that it lacks, and keeps what others have set', async () => {
    const whole = glueOf(tableWith(...inGlue))
    await whole.catalog.ensureTable(wanted, '')
    assert.deepEqual(whole.asked, ['GetTable'])
    const lacking = glueOf(tableWith({ Name: 'id', Type: 'int' }))
    await lacking.catalog.ensureTable(wanted, '')
    assert.deepEqual(lacking.columns(), inGlue)
    assert.equal((lacking.table() as { Owner?: string } | undefined)?.Owner, 'somebody')
  })

  it('goes by the Delta log where it should, made so or changed, with what others have set, and by its partitions again', async () => {
    const made = glueOf()
    await made.onDelta.ensureTable(wanted, 'Silver')
    const { Parameters, StorageDescriptor, PartitionKeys } = made.table() ?? assert.fail()
    assert.deepEqual(Parameters, {
      ...{ EXTERNAL: 'TRUE', comment: 'Silver', classification: 'delta' },
      ...{ table_type: 'DELTA', 'spark.sql.sources.provider': 'delta' },
    })
    const SerdeInfo = { Parameters: { 'serialization.format': '1', path: ROOT } }
    assert.deepEqual(StorageDescriptor, { Columns: inGlue, Location: ROOT, SerdeInfo })
    assert.deepEqual([await made.catalog.hasTable(), await made.onDelta.hasTable()], [false, true])

    const changed = glueOf({
      ...tableWith({ Name: 'id', Type: 'int' }),
      Parameters: { EXTERNAL: 'TRUE', mine: 'yes' },
      PartitionKeys,
    })
    await changed.onDelta.ensureTable(wanted, '')
    assert.deepEqual([changed.columns(), changed.table()?.PartitionKeys], [inGlue, PartitionKeys])
    await changed.catalog.ensureTable(wanted, '')
    assert(await changed.onDelta.hasTable(), 'until the partitions are whole')
    await changed.catalog.goByPartitions()
    assert.deepEqual(changed.table()?.Parameters, { EXTERNAL: 'TRUE', mine: 'yes', classification: 'parquet' })
    assert.match(changed.table()?.StorageDescriptor?.SerdeInfo?.SerializationLibrary ?? '', /ParquetHiveSerDe$/)
    assert.equal((changed.table() as { Owner?: string } | undefined)?.Owner, 'somebody')
  })

  it('is refused where a column has another type, or one that silver has no columns of', async () => {
    const ensure = (Type: string) => glueOf(tableWith({ Name: 'id', Type })).catalog.ensureTable(wanted, '')
    await assert.rejects(ensure('bigint'), {
      name: 'SchemaChanged',
      message: /^column id is bigint in silver.reviews and int/,
    })
    await assert.rejects(
      ensure('varchar(10)'),
      new SchemaChanged(
        'column id is varchar(10) in Athena, which no column of silver.reviews can be: somebody altered the table; give the column its type back',
      ),
    )
  })

  it('gets partitions, a hundred a call; those that are there stay, but for replaced ones', async () => {
    const { catalog, asked, partitions } = glueOf(tableWith(...inGlue))
    const made = Array.from({ length: 101 }, (_, i) => {
      return { ingestDate: '2026-11-24', batch: `b${i}`, location: `x/b${i}/`, replaced: false, absorbs: [] }
    })
    await catalog.setPartitions(made)
    assert.deepEqual(asked, ['GetTable', 'BatchCreatePartition', 'BatchCreatePartition'])
    const [first = assert.fail(), second = assert.fail()] = made
    await catalog.setPartitions([
      { ...first, location: 'y/b0/' },
      { ...second, location: 'y/b1/', replaced: true, absorbs: [] },
    ])
    assert.deepEqual(
      [partitions.size, partitions.get('2026-11-24/b0'), partitions.get('2026-11-24/b1')],
      [101, `${ROOT}x/b0/`, `${ROOT}y/b1/`],
    )
  })

  it('fails for a partition that Glue did not take, and for a location that is none', async () => {
    const { catalog } = glueOf(tableWith(...inGlue))
    const partition = { ingestDate: '2026-11-24', batch: 'ill', location: 'x/', replaced: false, absorbs: [] }
    await assert.rejects(catalog.setPartitions([partition]), { name: 'AthenaUnavailable' })
    await assert.rejects(catalog.setPartitions([{ ...partition, location: "x'/" }]), { name: 'InvalidDdl' })
  })
})
