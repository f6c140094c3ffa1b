import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { blocksOf } from '../docs/page.ts'
import { runCommand } from '../scripts/run-command.ts'

const PYTHON = process.env.PYSPARK_PYTHON

describe('the Spark job of docs/from-spark.md', () => {
  let root: string
  before(async () => {
    root = await mkdtemp(join(tmpdir(), 'silversmith-'))
  })
  after(() => rm(root, { recursive: true, force: true }))

  it('runs, and its table is taken over with the rows that a lake of its own would have', async function () {
    if (PYTHON === undefined) {
      console.log('      skipped: set PYSPARK_PYTHON to a Python with PySpark 3.5')
      return this.skip()
    }
    this.timeout(300_000)
    const old = join(root, 'old')
    await makeLake(old)
    await cp(join(old, 'bronze'), join(root, 'taken', 'bronze'), { recursive: true })
    await cp(join(old, 'bronze'), join(root, 'own', 'bronze'), { recursive: true })
    const program = blocksOf('docs/from-spark.md').flatMap(({ language, body }) =>
      language === 'python' ? [body] : [],
    )
    const script = join(root, 'job.py')
    await writeFile(script, program.join('\n').replaceAll('s3a://our-lake', old))
    const env = {
      ...process.env,
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
      SPARK_LOCAL_IP: '127.0.0.1',
    }
    execFileSync(PYTHON, [script], { env, stdio: ['ignore', 'ignore', 'pipe'] })

    const silversmith = (command: string, ...args: string[]) => {
      const { status, stdout, stderr } = runCommand(root, [command, ...args])
      assert.equal(status, 0, stderr)
      return stdout
    }
    silversmith('takeover', '--lake', 'taken', '--checkpoint', 'old/checkpoint', '--silver', 'old/old-silver')
    assert.match(silversmith('run', '--lake', 'taken'), /nothing new/)
    silversmith('run', '--lake', 'own')
    const rows = (lake: string) =>
      silversmith(
        'query',
        ...['--lake', lake, '--format', 'csv'],
        'SELECT count(*), sum(hash(t)) FROM (SELECT * EXCLUDE (ingest_date, batch) FROM silver.reviews) t',
      )
    assert.equal(rows('taken'), rows('own'))
  })
})
