import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { COMMANDS } from '../../scripts/commands.ts'
import { checkCommands } from './check-commands.ts'
import { blocksOf, proseOf } from './page.ts'

/** What users read, by name. */
const TEXTS = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'silver.sql', 'serverless.yml', ...docs()]

function docs(): string[] {
  return readdirSync('docs').flatMap(name => (name.endsWith('.md') ? [`docs/${name}`] : []))
}

/** The words that stand behind others in the texts, also on the next line. */
function behind(pattern: RegExp): { readonly file: string; readonly word: string }[] {
  return TEXTS.flatMap(file => {
    const text = readFileSync(file, 'utf8').replaceAll(/\s+(?:[#>] |-- )?/g, ' ')
    return [...text.matchAll(pattern)].map(([, word = '']) => ({ file, word }))
  })
}

describe('the docs', () => {
  it('name only npm scripts and commands that exist', () => {
    const { scripts }: { readonly scripts: object } = JSON.parse(readFileSync('package.json', 'utf8'))
    const named = behind(/`(?:[A-Z_]+=\S+ )*npm run (?:--silent )?([\w:-]+)/g)
    const commands = behind(/npx silversmith ([\w-]+)/g).filter(({ word }) => word !== 'help' && !word.startsWith('--'))
    assert(named.length > 10 && commands.length > 50)
    assert.deepEqual(
      named.filter(({ word }) => !Object.hasOwn(scripts, word)),
      [],
    )
    assert.deepEqual(
      commands.filter(({ word }) => !Object.hasOwn(COMMANDS, word)),
      [],
    )
  })

  it('name only options that the command has', async () => {
    for (const page of TEXTS.filter(name => name.endsWith('.md') && name !== 'CHANGELOG.md')) {
      const spans = [...proseOf(page).matchAll(/`([^`]+)`/g)].map(([, span = '']) => span.replaceAll(/\s+/g, ' '))
      const blocks = blocksOf(page).flatMap(({ language, body }) => (['sh', ''].includes(language) ? [body] : []))
      for (const text of [...spans, ...blocks]) await checkCommands(text)
    }
  })
})
