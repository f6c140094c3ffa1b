import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, openSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../functions/adapters/directory/directory-store.ts'
import { runCommand, SILVERSMITH } from '../scripts/run-command.ts'
import { World } from '../support/world.ts'

/** Writes the clipboard, clears the screen by C1, turns the direction of text, hides itself, breaks the line. */
const HOSTILE = '\u001b]52;c;aGk=\u0007 \u009b2J \u202egpj \u200b\ufeff\u{e0041} \u2028'
/** What may be in no output: what a terminal obeys or hides. Line feeds are the layout's. */
const OBEYED = /(?!\n)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const SHOWN = '\\u001b]52;c;aGk=\\u0007 \\u009b2J \\u202egpj \\u200b\\ufeff\\udb40\\udc41 \\u2028'
const SQL = `SELECT r.review_id, r.stars, c.customer_name, '${HOSTILE}' AS h
  FROM bronze_reviews r JOIN bronze_customers c ON r.customer_id = c.customer_id`

describe('a lake with hostile names', function () {
  this.timeout(240_000)
  let folder: string
  let lake: string
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    lake = join(folder, 'lake [a]*?')
    const world = new World({ store: new DirectoryStore(lake) })
    await world.addCustomers(HOSTILE, [{ customer_id: '1', customer_name: HOSTILE }])
    await world.addReviews(`x=${HOSTILE}/a\n`, [
      { review_id: HOSTILE, customer_id: '1', stars: 5 },
      { review_id: 'waits', customer_id: HOSTILE, stars: 5 },
    ])
    const reviews = join(lake, 'bronze/reviews')
    writeFileSync(join(reviews, `broken${HOSTILE}.parquet`), 'no Parquet')
    writeFileSync(join(reviews, `other${HOSTILE}.csv`), 'no Parquet')
    symlinkSync('/nowhere', join(reviews, `link${HOSTILE}.parquet`))
    writeFileSync(
      Buffer.concat([Buffer.from(`${reviews}/caf`), Buffer.from([0xe9, 0x1b]), Buffer.from('.parquet')]),
      'x',
    )
    const deep = join(reviews, ...Array.from({ length: 5 }, (_, i) => `${i}${'d'.repeat(220)}`))
    mkdirSync(deep, { recursive: true })
    cpSync(join(reviews, `x=${HOSTILE}/a\n.parquet`), join(deep, 'deep.parquet'))
    writeFileSync(join(folder, `${HOSTILE}.sql`), SQL)
    writeFileSync(join(folder, 'bad.sql'), `SELECT "${HOSTILE}" FROM bronze_reviews`)
    // other lakes that the patterns in the lake's name would find
    cpSync(join(lake, 'bronze'), join(folder, 'lake a x/bronze'), { recursive: true, verbatimSymlinks: true })
  })
  after(() => rmSync(folder, { recursive: true }))

  const command = (...args: [string, ...string[]]) => runCommand(folder, args)
  const onLake = (name: string, ...args: string[]) => command(name, '--lake', lake, ...args)

  it('is joined but for what can be no object, which the run names', () => {
    const { status, stdout, stderr } = onLake('run', '--sql', join(folder, `${HOSTILE}.sql`))
    assert.equal(status, 0, stderr)
    assert.match(
      stdout,
      /skipped, because the name is not UTF-8: 1 file in bronze \("bronze\/reviews\/caf\\xe9\\u001b\.parquet"\)/,
    )
    assert.match(stdout, /skipped, because the key is over 1,024 bytes: 1 file in bronze \("bronze\/reviews\/0ddd/)
    assert(
      stdout.includes(
        `ignored, because the name does not end in .parquet: 1 object under the reviews ("bronze/reviews/other${SHOWN}.csv")`,
      ),
    )
    assert(stdout.includes(`not followed: 1 symbolic link in bronze ("bronze/reviews/link${SHOWN}.parquet")`))
    assert.match(stdout, /read 2 = filtered 0 \+ without key 0 \+ unmatched 1 \+ matched 1/)
  })

  it('shows nothing that a terminal obeys, in any command', () => {
    const outputs = [
      onLake('run', '--sql', join(folder, `${HOSTILE}.sql`)),
      onLake('run', '--sql', join(folder, 'bad.sql'), '--input', '{"reprocess": {"all": true}}'),
      onLake('run', '--sql', join(folder, `no ${HOSTILE}`)),
      onLake('run', '--input', JSON.stringify({ prefix: `bronze/reviews/${HOSTILE}` })),
      onLake('run', '--input', `{"${HOSTILE}": 1}`),
      onLake('run', '--input', '{"prefix": "bronze/reviews/\\ud800"}'),
      onLake('status'),
      onLake('history'),
      ...['keys', 'uris', 'json'].map(format => onLake('files', '--format', format)),
      onLake('why', HOSTILE),
      onLake('why', 'waits'),
      onLake('why', `no ${HOSTILE}`),
      onLake('why', '--prefix', HOSTILE, 'x'),
      onLake('validate'),
      onLake('explain', '--sql', join(folder, `${HOSTILE}.sql`)),
      onLake('explain', '--sql', join(folder, `${HOSTILE}.sql`), '--format', 'json'),
      onLake('query', 'SELECT * FROM silver.reviews'),
      onLake('query', '--format', 'json', 'SELECT * FROM silver.reviews'),
      onLake('query', `SELECT '${HOSTILE}' AS "${HOSTILE}"`),
      onLake('query', `SELECT ${HOSTILE}`),
      onLake('vacuum', '--dry-run', '--older-than', HOSTILE),
      onLake('vacuum', '--dry-run', '--older-than', '1s'),
      onLake('rebuild'),
      onLake('backfill', '--dry-run', '--all'),
      onLake('backfill', '--prefix', `bronze/reviews/${HOSTILE}`),
      onLake('takeover', '--checkpoint', HOSTILE, '--silver', HOSTILE),
      command('status', '--lake', HOSTILE),
      command(HOSTILE),
      command('status', `--${HOSTILE}`),
      command('status', HOSTILE),
    ]
    for (const { stdout, stderr } of outputs) {
      assert.doesNotMatch(stdout, OBEYED)
      assert.doesNotMatch(stderr, OBEYED)
      assert.doesNotMatch(stderr, /\n {4}at /, 'a stack')
    }
    const shown = outputs.filter(({ stdout, stderr }) => `${stdout}${stderr}`.includes('\\u001b'))
    assert(shown.length >= 15, `${shown.length} outputs have something to show`)
  })

  it('gives values in JSON as they are', () => {
    const { stdout } = onLake('query', '--format', 'json', 'SELECT review_id, customer_name, h FROM silver.reviews')
    assert.deepEqual(JSON.parse(stdout), [{ review_id: HOSTILE, customer_name: HOSTILE, h: HOSTILE }])
  })

  it('counts its own rows alone, though its own name is a pattern that others match', () => {
    assert.equal(command('run', '--lake', 'lake a x', '--sql', `${HOSTILE}.sql`).status, 0)
    const { stdout } = onLake('query', '--format', 'json', 'SELECT COUNT(*) AS n FROM silver.reviews')
    assert.equal(String(JSON.parse(stdout)[0].n), '1')
    assert.equal(onLake('validate').status, 0)
  })

  it('does not hold up a run whose output is lost: it ends well, says so, and has another exit status', () => {
    for (const [name, out] of [
      ['a full disk', openSync('/dev/full', 'w')],
      ['what can not be written', openSync('/dev/null', 'r')],
    ] as const) {
      const target = join(folder, name)
      cpSync(join(lake, 'bronze'), join(target, 'bronze'), { recursive: true, verbatimSymlinks: true })
      const args = [SILVERSMITH, 'run', '--lake', target, '--sql', join(folder, `${HOSTILE}.sql`)]
      const { status, stderr } = spawnSync(process.execPath, args, { stdio: ['ignore', out, 'pipe'], encoding: 'utf8' })
      assert.deepEqual([status, stderr.match(/standard output failed \(E[A-Z]+\)/g)?.length], [1, 1], stderr)
      assert.doesNotMatch(stderr, /\n {4}at /, 'a stack')
      assert.match(command('history', '--lake', target).stdout, /append/)
    }
  })
})
