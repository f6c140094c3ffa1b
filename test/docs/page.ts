import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The pages that a newcomer reads, with the blocks that are tested. */
export const GUIDES = [
  ...['README.md', 'docs/README.md', 'docs/tutorial.md', 'docs/from-spark.md', 'docs/concepts.md'],
  ...['docs/recipes.md', 'docs/troubleshooting.md'],
]

/** A fenced block of a page. */
export interface Block {
  /** What stands behind the fence: `sh`, `sql`, `text`. */
  readonly language: string
  readonly body: string
  /** The nearest heading above it, and the nearest of the second level. */
  readonly heading: string
  readonly section: string
  /** The line of its fence, from 1. */
  readonly line: number
}

/** The Markdown pages of the project: those in its root, and all in docs/ and test/. */
export function pages(): string[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(folder, { recursive: folder !== '.', encoding: 'utf8' }).map(name => join(folder, name))
  return ['.', 'docs', 'test'].flatMap(inFolder).filter(name => name.endsWith('.md') && !name.includes('corpora/'))
}

/** The fenced blocks of a page, in their order. */
export function blocksOf(page: string): Block[] {
  const blocks: Block[] = []
  let heading = ''
  let section = ''
  let open: { language: string; indent: string; lines: string[]; line: number } | undefined
  for (const [index, line] of readFileSync(page, 'utf8').split('\n').entries()) {
    const [, indent = '', language = ''] = /^( *)```(.*)$/.exec(line) ?? []
    if (open === undefined) {
      if (/^ *```/.test(line)) open = { language, indent, lines: [], line: index + 1 }
      else {
        heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading
        section = /^## (.*)$/.exec(line)?.[1] ?? section
      }
    } else if (line === `${open.indent}\`\`\``) {
      const body = open.lines.map(text => text.slice(open?.indent.length)).join('\n')
      blocks.push({ language: open.language, body, heading, section, line: open.line })
      open = undefined
    } else open.lines.push(line)
  }
  return blocks
}

/** A page without its fenced blocks. */
export function proseOf(page: string): string {
  return readFileSync(page, 'utf8').replaceAll(/^( *)```[\s\S]*?^\1```$/gm, '')
}
