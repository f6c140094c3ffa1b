import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pages, proseOf } from './page.ts'

describe('links between pages', () => {
  const anchors = new Map(pages().map(page => [page, anchorsOf(page)]))

  it('lead to files and headings that exist', () => {
    const links = pages().flatMap(page => linksOf(page).map(target => ({ page, target })))
    assert(links.length > 200)
    assert.deepEqual(
      links.filter(({ page, target }) => !isThere(page, target)),
      [],
    )
  })

  it('lead from docs/README.md to every page of docs/', () => {
    const listed = new Set(linksOf('docs/README.md').map(target => join('docs', target.replace(/#.*/, ''))))
    const own = pages().filter(page => dirname(page) === 'docs' && page !== 'docs/README.md')
    assert.deepEqual(
      own.filter(page => !listed.has(page)),
      [],
    )
  })

  it('lead from the head of docs/sql.md to each of its sections', () => {
    const linked = new Set(linksOf('docs/sql.md'))
    assert.deepEqual(
      [...anchorsOf('docs/sql.md')].slice(1).filter(anchor => !linked.has(`#${anchor}`)),
      [],
    )
  })

  function isThere(page: string, target: string): boolean {
    const [path = '', anchor] = target.split('#')
    const file = path === '' ? page : join(dirname(page), path)
    return existsSync(file) && (anchor === undefined || anchors.get(file)?.has(anchor) === true)
  }
})

/** What a page's links lead to within the project; those in code and to other sites are left out. */
function linksOf(page: string): string[] {
  const prose = proseOf(page).replaceAll(/`[^`\n]*`/g, '`')
  const links = [...prose.matchAll(/\]\(([^)\s]+)\)/g), ...prose.matchAll(/(?:src|href)="([^"]+)"/g)]
  return links.flatMap(([, target = '']) => (/^(?:https?|mailto):/.test(target) ? [] : [target]))
}

/** The anchors that GitHub gives to a page's headings, and those that the page names itself. */
function anchorsOf(page: string): Set<string> {
  const prose = proseOf(page)
  const anchors = new Set([...prose.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id))
  for (const [, heading = ''] of prose.matchAll(/^#+ (.*)$/gm)) {
    const text = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    const anchor = text
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-')
    let name = anchor
    for (let n = 1; anchors.has(name); n++) name = `${anchor}-${n}`
    anchors.add(name)
  }
  return anchors
}
