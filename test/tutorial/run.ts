/**
 * Does what the guides say, each in a fresh clone of the last commit with this checkout's node_modules: `npm run
 * test:tutorial`. Saves the queries that begin with the name of a file, runs the `sh` blocks in their order and compares what
 * they print with the `text` block that follows. Runs queries of silver at the end of their page. Exits with 1 at the first
 * difference.
 */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Block, blocksOf } from '../docs/page.ts'
import { differenceOf } from './expected-output.ts'
import { runBlock } from './run-block.ts'

const PAGES = ['docs/tutorial.md', 'docs/recipes.md', 'docs/from-spark.md']
/** Sections that need an account; `npm run e2e` runs the first on a local AWS. */
const ON_AWS = ['10. Deploy', 'On AWS']

for (const page of PAGES) {
  const directory = await mkdtemp(join(tmpdir(), 'silversmith-tutorial-'))
  try {
    const clone = join(directory, 'silversmith')
    execFileSync('git', ['clone', '--quiet', '--depth', '1', `file://${resolve('.')}`, clone])
    await symlink(resolve('node_modules'), join(clone, 'node_modules'))
    await follow(page, clone)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Follows a page. Throws where a block fails or prints something else. */
async function follow(page: string, clone: string): Promise<void> {
  const blocks = blocksOf(page).filter(({ section }) => !ON_AWS.includes(section))
  const queries = blocks.filter(({ language, body }) => language === 'sql' && body.includes('FROM silver.'))
  let ran = 0
  for (const [index, block] of blocks.entries()) {
    const [, name] = /^-- (\w+\.sql)\n/.exec(block.body) ?? []
    if (name !== undefined) await writeFile(join(clone, name), block.body)
    if (block.language !== 'sh') continue
    const next = blocks[index + 1]
    await runShown(page, block, next?.language === 'text' ? next : undefined, clone)
    ran++
  }
  for (const { body } of queries) await runBlock(`npx silversmith query "${body}"`, clone)
  assert(ran >= 3, `${page} has ${ran} blocks of commands`)
}

async function runShown(page: string, { body, line, heading }: Block, shown: Block | undefined, clone: string) {
  const started = performance.now()
  const differs = (output: string) => (shown ? differenceOf(shown.body, output) : undefined)
  const output = await runBlock(body, clone, text => !differs(text))
  const difference = differs(output)
  if (difference !== undefined) throw new Error(`${page}:${shown?.line}: ${difference}\n\n$ ${body}\n${output}`)
  console.log(`✓ ${page}:${line} ${heading} (${Math.round(performance.now() - started)} ms)`)
}
