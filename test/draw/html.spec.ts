import assert from 'node:assert/strict'
import fc from 'fast-check'
import { barChart, lineChart } from '../../functions/draw/charts.ts'
import { gantt } from '../../functions/draw/gantt.ts'
import { html, joined } from '../../functions/draw/html.ts'
import { sankey } from '../../functions/draw/sankey.ts'

const hostile = fc.oneof(
  fc.string(),
  fc.constantFrom('"><script>x</script>', "' onload='x", '</title><img src=x onerror=x>', '&lt;', '\u001b[31m\u202e'),
)
/** The tags of a text, without their attributes' values. */
const tags = (text: string) => [...text.replaceAll(/"[^"]*"/g, '""').matchAll(/<[^>]*>/g)].map(([tag]) => tag)

describe('html', () => {
  it('keeps every text a text', () => {
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const { text } = html`<p title="${a}">${[b, html`<b>${a}</b>`, null, false, 0]}</p>`
        assert.deepEqual(tags(text), ['<p title="">', '<b>', '</b>', '</p>'])
        assert.doesNotMatch(text, /(?!\n)[\p{Cc}\p{Cf}]/u)
      }),
    )
  })

  it('takes markup as it is, and texts that stand for themselves', () => {
    assert.equal(joined([html`<i>${'<&>'}</i>`, 7, undefined]).text, '<i>&lt;&amp;&gt;</i>7')
  })
})

describe('the drawings', () => {
  it('have the same markup whatever the names are', () => {
    const drawn = (name: string) =>
      joined([
        sankey(
          name,
          [
            { id: 'a', label: name, tone: 'source', column: 0, href: name },
            { id: 'b', label: name, tone: 'good', column: 1 },
          ],
          [{ from: 'a', to: 'b', rows: 3 }],
        ),
        gantt(name, [{ label: name, note: name, href: name, phases: [{ kind: 'join', from: 1000, to: 2000 }] }]),
        barChart(name, [{ label: name, value: 3, note: name, href: name }]),
        lineChart(name, [{ label: name, value: 3 }]),
      ]).text
    const expected = tags(drawn('name'))
    fc.assert(fc.property(hostile, name => assert.deepEqual(tags(drawn(name)), expected)))
  })

  it('are whole for nothing, for zero and for numbers below it', () => {
    for (const points of [[], [0], [-5, 0, 5], [1e12]]) {
      const all = points.map(value => ({ label: 'x', value }))
      for (const { text } of [barChart('t', all), lineChart('t', all), sankey('t', [], []), gantt('t', [])]) {
        assert.doesNotMatch(text, /NaN|Infinity|undefined/)
      }
    }
  })
})
