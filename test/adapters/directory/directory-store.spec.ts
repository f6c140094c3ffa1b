import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import {
  chmodSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DirectoryStore } from '../../../functions/adapters/directory/directory-store.ts'
import type { PutOutcome } from '../../../functions/lake/store.ts'

const bytes = (text: string) => new TextEncoder().encode(text)

async function written(put: Promise<PutOutcome>) {
  const outcome = await put
  assert(outcome.written)
  return outcome
}

describe('DirectoryStore', () => {
  let base: string
  let root: string
  let store: DirectoryStore
  beforeEach(() => {
    base = mkdtempSync(join(tmpdir(), 'silversmith-'))
    root = join(base, 'lake')
    mkdirSync(root)
    store = new DirectoryStore(root)
  })
  afterEach(() => rmSync(base, { recursive: true }))

  async function keys(prefix = ''): Promise<string[]> {
    const found: string[] = []
    for await (const { key } of store.list(prefix)) found.push(key)
    return found
  }

  it('refuses keys that lead out of the lake or into its own temporary files', async () => {
    writeFileSync(join(base, 'secret'), 'outside')
    for (const key of [
      '../secret',
      'a/../../secret',
      '/etc/passwd',
      './x',
      'a//b',
      'a/',
      '.tmp/x',
      'a/b/.tmp/x',
      'nul\0l',
    ]) {
      for (const call of ['get', 'delete', 'head'] as const)
        await assert.rejects(store[call](key), { name: 'InvalidKey' }, key)
      await assert.rejects(store.put(key, bytes('x')), { name: 'InvalidKey' }, key)
      assert.throws(() => store.writer(key), { name: 'InvalidKey' })
    }
    assert.deepEqual(readdirSync(base).sort(), ['lake', 'secret'])
  })

  it('does not list or follow symbolic links', async () => {
    mkdirSync(join(base, 'other'))
    writeFileSync(join(base, 'other/a.parquet'), 'outside')
    symlinkSync(join(base, 'other'), join(root, 'linked'))
    symlinkSync(join(base, 'other/a.parquet'), join(root, 'b.parquet'))
    await store.put('c.parquet', bytes('inside'))
    assert.deepEqual(await keys(), ['c.parquet'])
  })

  it('never lists a file under construction, and removes those whose writer is long gone', async () => {
    const writer = store.writer('a')
    await writer.write(new Uint8Array(4 << 20))
    const left = join(root, '.tmp/left-behind')
    writeFileSync(left, 'x')
    utimesSync(left, new Date(0), new Date(0))
    assert.deepEqual(await keys(), [])
    await new DirectoryStore(root).put('b', bytes('x'))
    assert.deepEqual(await keys(), ['b'])
    assert(!readdirSync(join(root, '.tmp')).includes('left-behind'))
    assert((await writer.close()).written)
    assert.deepEqual(readdirSync(join(root, '.tmp')), [])
  })

  it('gives a version another etag than the one before it, in the same moment and of the same size', async () => {
    await store.put('k', bytes('1'))
    const now = new Date(Date.UTC(2026, 10, 24, 7, 15))
    utimesSync(join(root, 'k'), now, now)
    const clock = Date.now
    Date.now = () => now.getTime()
    try {
      const etags = new Set([(await store.head('k'))?.etag ?? ''])
      for (const content of ['2', '3', '4']) {
        const outcome = await store.put('k', bytes(content), { ifMatch: [...etags].at(-1) ?? '' })
        assert(outcome.written)
        etags.add(outcome.etag)
        assert.equal((await store.head('k'))?.etag, outcome.etag)
      }
      assert.equal(etags.size, 4)
    } finally {
      Date.now = clock
    }
  })

  it('knows the versions of before when the lake is copied with its times, by their content', async () => {
    const known = new Map<string, string>()
    for (const key of ['a/b', 'c']) {
      const { etag } = await written(store.put(key, bytes(key)))
      known.set(key, await store.pin({ key, etag }))
    }
    execFileSync('cp', ['-pR', root, join(base, 'copy')]) // fs.cp would round the times
    const copy = new DirectoryStore(join(base, 'copy'))
    for (const [key, etag] of known) {
      const now = (await copy.head(key))?.etag ?? ''
      assert.notEqual(now, etag)
      assert(await copy.isSame(key, etag, now))
      assert.equal((await copy.get(key, { ifMatch: etag })).length, key.length)
    }
  })

  it('tells a version from one of the same size and time, in place or under the same name', async () => {
    const path = join(root, 'k')
    writeFileSync(path, 'one')
    const { mtime } = statSync(path)
    for (const replace of [
      () => writeFileSync(path, 'two'),
      () => {
        writeFileSync(`${path}.new`, 'six')
        utimesSync(`${path}.new`, mtime, mtime)
        renameSync(`${path}.new`, path)
      },
    ]) {
      utimesSync(path, mtime, mtime)
      const etag = await store.pin({ key: 'k', etag: (await store.head('k'))?.etag ?? '' })
      replace()
      utimesSync(path, mtime, mtime)
      assert.equal(await store.isSame('k', etag, (await store.head('k'))?.etag ?? ''), false)
      await assert.rejects(store.get('k', { ifMatch: etag }), { name: 'ObjectChanged' })
    }
  })

  it('takes neither a changed mode nor another name besides the old one for a change', async () => {
    const path = join(root, 'k')
    writeFileSync(path, 'one')
    const etag = await store.pin({ key: 'k', etag: (await store.head('k'))?.etag ?? '' })
    chmodSync(path, 0o600)
    linkSync(path, join(base, 'backup'))
    const now = (await store.head('k'))?.etag ?? ''
    assert.notEqual(now, etag.replace(/-[^-]*$/, ''))
    assert(await store.isSame('k', etag, now))
  })

  it('reads a file whose times say nothing once, not in every run', async () => {
    const path = join(root, 'k')
    writeFileSync(path, 'one')
    const etag = await store.pin({ key: 'k', etag: (await store.head('k'))?.etag ?? '' })
    chmodSync(path, 0o600)
    const now = (await store.head('k'))?.etag ?? ''
    assert(await store.isSame('k', etag, now))
    rmSync(path)
    assert(await new DirectoryStore(root).isSame('k', etag, now), 'remembered, as there is nothing left to read')
  })

  it('knows the etags of earlier versions, which were time and size', async () => {
    writeFileSync(join(root, 'k'), 'one')
    const now = (await store.head('k'))?.etag ?? ''
    const old = now.split('-').slice(0, 2).join('-')
    assert(await store.isSame('k', old, now))
    assert.equal((await store.get('k', { ifMatch: old })).length, 3)
    assert.equal(await store.isSame('k', old.replace(/.$/, 'f'), now), false)
  })

  it('gives times that years of four digits can write, whatever the file says', async () => {
    writeFileSync(join(root, 'k'), 'one')
    for (const [time, year] of [
      ['2400-01-01', '2400'],
      ['1920-01-01', '1920'],
    ]) {
      execFileSync('touch', ['-d', time ?? '', join(root, 'k')])
      assert.equal(new Date((await store.head('k'))?.modified ?? 0).toISOString().slice(0, 4), year)
    }
  })

  it('breaks a lock whose holder is dead', async () => {
    const first = await store.put('k', bytes('one'))
    assert(first.written)
    // the lock of the key, held by a process that does not exist
    await store.put('k', bytes('one'), { ifMatch: first.etag })
    const script = `import { withLock } from ${JSON.stringify(new URL('../../../functions/adapters/directory/lock.ts', import.meta.url).href)}
      await withLock(${JSON.stringify(join(root, '.tmp'))}, 'k', async () => process.kill(process.pid, 'SIGKILL'))`
    await new Promise(done =>
      spawn(process.execPath, ['--input-type=module-typescript', '-e', script]).on('exit', done),
    )
    assert.equal(readdirSync(join(root, '.tmp')).filter(name => name.endsWith('.lock')).length, 1)
    const head = await store.head('k')
    assert((await store.put('k', bytes('two'), { ifMatch: head?.etag ?? '' })).written)
  })

  it('keeps several processes apart: each of 100 numbers is taken once', async () => {
    const script = `import { DirectoryStore } from ${JSON.stringify(new URL('../../../functions/adapters/directory/directory-store.ts', import.meta.url).href)}
      const store = new DirectoryStore(${JSON.stringify(root)})
      const encode = text => new TextEncoder().encode(text)
      const taken = []
      for (;;) {
        const head = await store.head('counter')
        const number = Number(new TextDecoder().decode(await store.get('counter', { ifMatch: head.etag }).catch(() => encode('-1'))))
        if (number < 0) continue
        if (number >= 100) break
        if ((await store.put('counter', encode(String(number + 1)), { ifMatch: head.etag })).written) taken.push(number)
        await store.put('race-' + number, encode(String(process.pid)), { ifNoneMatch: '*' })
      }
      console.log(JSON.stringify(taken))`
    await store.put('counter', bytes('0'))
    const outputs = await Promise.all(
      Array.from({ length: 4 }, async () => {
        const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], {
          stdio: ['ignore', 'pipe', 'inherit'],
        })
        let output = ''
        for await (const chunk of child.stdout) output += chunk
        return JSON.parse(output) as number[]
      }),
    )
    const all = outputs.flat().sort((a, b) => a - b)
    assert.deepEqual(
      all,
      Array.from({ length: 100 }, (_, i) => i),
    )
    assert.equal((await keys('race-')).length, 100)
  }).timeout(60_000)
})
