import assert from 'node:assert/strict'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ERRORS, type ErrorDefinition, FOREIGN_ERRORS } from '../../functions/base/error-definitions.ts'
import { anchorOf, RETRYABLE } from '../../functions/base/errors.ts'

const DOCS = 'docs/troubleshooting.md'
/** Errors that are caught before they leave a worker or a command, and those of commands, which are shown without a name. */
const INSIDE = [
  ...['ParquetError', 'UnreadableFile', 'SourceGone', 'FileFault', 'TooLarge', 'RegexRefused', 'Malformed'],
  ...['UsageError', 'Refusal', 'Interrupted', 'ExecutionFailed', 'Error', 'TypeError', 'SyntaxError', 'RangeError'],
]

describe('docs/troubleshooting.md', () => {
  it('describes every error by its name, as the code defines it', () => {
    const text = readFileSync(DOCS, 'utf8')
    const [before = '', , after = ''] = text.split(/<!-- errors(?: end)? -->\n/)
    const made = `${before}<!-- errors -->\n${table()}<!-- errors end -->\n${after}`
    if (process.env.UPDATE_DOCS) writeFileSync(DOCS, made)
    else assert.equal(text, made, 'write it again: UPDATE_DOCS=1 npx mocha test/docs/troubleshooting.spec.ts')
  })

  it('quotes messages as they are in the code', () => {
    const [, section = ''] = readFileSync(DOCS, 'utf8').split(/^## (?=Messages|It runs)/m)
    const messages = [...section.matchAll(/^\| `([^`]+)` \|/gm)].map(([, message = '']) => message)
    assert(messages.length > 20)
    const code = ['functions', 'scripts'].flatMap(sources).map(file => readFileSync(file, 'utf8'))
    const parts = messages.flatMap(message => message.split('…').map(part => part.trim())).filter(part => part !== '')
    assert.deepEqual(
      parts.filter(part => !code.some(text => text.includes(part))),
      [],
    )
  })

  it('describes every error that is thrown', () => {
    const thrown = new Set(['functions', 'scripts'].flatMap(sources).flatMap(file => names(readFileSync(file, 'utf8'))))
    assert(thrown.size > 20)
    const known = new Set([...Object.keys(ERRORS), ...INSIDE])
    assert.deepEqual(
      [...thrown].filter(name => !known.has(name)),
      [],
    )
  })

  it('describes no error that nobody throws', () => {
    const code = ['functions', 'scripts'].flatMap(sources).map(file => readFileSync(file, 'utf8'))
    for (const name of Object.keys(ERRORS)) {
      assert(
        code.some(text => text.includes(`new ${name}(`)),
        name,
      )
    }
  })
})

/** The names of the classes that a source throws or makes. */
function names(source: string): string[] {
  return [...source.matchAll(/throw new (\w+)\(/g)].map(([, name = '']) => name)
}

function sources(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => name.endsWith('.ts'))
    .map(name => join(folder, name))
}

function table(): string {
  const rows = Object.entries<ErrorDefinition>({ ...ERRORS, ...FOREIGN_ERRORS }).map(([name, { cause, remedy }]) => {
    const id = anchorOf(name).split('#')[1]
    return `| <a id="${id}"></a>\`${name}\`${RETRYABLE.includes(name) ? ' (retried)' : ''} | ${cause} | ${remedy} |\n`
  })
  return `| error | cause | what to do |\n|---|---|---|\n${rows.join('')}`
}
