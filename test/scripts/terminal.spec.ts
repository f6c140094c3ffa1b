import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { shellWord } from '../../scripts/command-line/same-lake.ts'
import { makeLake } from '../../scripts/demo/make-lake.ts'
import { terminalColumns } from '../../scripts/terminal/columns.ts'
import { SILVERSMITH } from './run-command.ts'

/** Where util-linux's `script` is, commands can be run on a terminal. */
const hasTerminal = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false

describe('on a terminal', () => {
  let folder: string
  before(async function () {
    if (!hasTerminal) return this.skip()
    folder = mkdtempSync(join(tmpdir(), 'silversmith-'))
    await makeLake(join(folder, 'lake'))
  })
  after(() => {
    if (hasTerminal) rmSync(folder, { recursive: true })
  })

  /** Runs a command on a terminal of so many columns; `typed` may type when it has seen what is written. */
  async function onTerminal(columns: number, args: readonly string[], typed?: (text: string) => string | undefined) {
    const words = [process.execPath, SILVERSMITH, ...args].map(shellWord).join(' ')
    const child = spawn('script', ['-qec', `stty cols ${columns} rows 24; exec ${words}`, '/dev/null'], {
      cwd: folder,
      env: { ...process.env, TERM: 'xterm' },
    })
    let text = ''
    child.stdout.on('data', (data: Buffer) => {
      text += data
      const keys = typed?.(text)
      if (keys !== undefined) child.stdin.write(keys)
    })
    const status = await new Promise(resolve => child.on('close', resolve))
    return { status, text }
  }

  it('Ctrl-C finishes what is in hand, says how to go on, and the same command does; no line that changes wraps', async () => {
    let isTyped = false
    const args = ['run', '--max-files', '5']
    const stopped = await onTerminal(40, args, text => {
      if (isTyped || !text.includes('✓ Commit')) return undefined
      isTyped = true
      return '\u0003'
    })
    assert.equal(stopped.status, 130, stopped.text)
    assert.match(stopped.text, /stopping when the items in hand are done; press again to stop at once\r\n/)
    assert.match(stopped.text, /stopped: what is committed stays, and the same command takes the rest\r\n$/)
    const rest = await onTerminal(40, args)
    assert.equal(rest.status, 0, rest.text)
    assert.match(rest.text, /batch {6}/)
    const changing = (stopped.text + rest.text).split('\r\u001b[2K').filter(line => line.startsWith('  '))
    assert(changing.length > 0)
    for (const line of changing) assert(terminalColumns(line.split(/[\r\n]/)[0] ?? '') < 40, line)
    const codes = (stopped.text + rest.text).split('\u001b').slice(1)
    assert(
      codes.every(code => code.startsWith('[2K')),
      'no colours',
    )
  })

  it('a result is as wide as the terminal, and says what it leaves out', async () => {
    const { text } = await onTerminal(60, ['query', 'SELECT * FROM silver.reviews'])
    const lines = text.trimEnd().split('\r\n')
    assert.match(lines.at(-1) ?? '', /^[\d,]+ rows \(40 shown\), \d+ columns \(\d shown\)$/)
    for (const line of lines) assert(terminalColumns(line) <= 60, line)
  })
}).timeout(60_000)
