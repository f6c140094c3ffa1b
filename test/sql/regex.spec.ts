import assert from 'node:assert/strict'
import { isUnsure, regex, replaceAll, split } from '../../functions/sql/evaluate/regex.ts'
import { RegexRefused } from '../../functions/sql/regex/syntax.ts'
import { translateRegex } from '../../functions/sql/regex/translate.ts'

const finds = (pattern: string, text: string) => new RegExp(translateRegex(pattern), 'u').test(text)

describe('translateRegex()', () => {
  // What java.util.regex finds, from Java 17.
  const cases: readonly (readonly [pattern: string, text: string, found: boolean])[] = [
    ['end$', 'end\n', true],
    ['end$', 'end\r\n', true],
    ['end$', 'end\n\n', false],
    ['\\r$', 'end\r\n', false],
    ['end\\z', 'end\n', false],
    ['end\\Z', 'end\u2028', true],
    ['^b', 'a\nb', false],
    ['(?m)^b', 'a\nb', true],
    ['(?m)^$', 'a\n', false],
    ['(?m)a$', 'a\nb', true],
    ['a.b', 'a\nb', false],
    ['a.b', 'a\u0085b', false],
    ['(?s)a.b', 'a\nb', true],
    ['^.$', '😀', true],
    ['(?i)straße', 'STRASSE', false],
    ['(?i)É', 'é', false],
    ['(?i)z', 'Z', true],
    ['(?i:a)b', 'AB', false],
    ['a(?i)b', 'aB', true],
    ['(a(?i))b', 'aB', false],
    ['\\s', '\u00a0', false],
    ['\\h', '\u00a0', true],
    ['\\v', '\u2028', true],
    ['\\w', 'é', false],
    ['\\bé\\b', 'x é y', true],
    ['\\d', '٣', false],
    ['\\p{L}', 'é', true],
    ['\\p{Lower}', 'é', false],
    ['\\p{IsAlphabetic}', 'é', true],
    ['\\p{IsGreek}', 'Δ', true],
    ['\\P{L}', 'a', false],
    ['\\pL', 'a', true],
    ['\\p{Punct}', '!', true],
    ['[a-c[x-z]]', 'y', true],
    ['[^\\S]', ' ', true],
    ['[]a]', ']', true],
    ['[a-]', '-', true],
    ['[\\w-]', '-', true],
    ['\\x41\\u0042\\x{43}\\0104', 'ABCD', true],
    ['\\Qa.b\\E.', 'a.bc', true],
    ['\\t\\e\\a\\cA', '\t\x1b\x07\x01', true],
    ['a{2}', 'aa', true],
    ['a{2,}b', 'aaab', true],
    ['x*?y', 'xy', true],
    ['(?=ab)a', 'ab', true],
    ['(?<!x)y', 'xy', false],
    ['(?<year>\\d{4})', '2014', true],
    ['a|', 'b', true],
    ['', 'x', true],
    ['}', '}', true],
    [']', ']', true],
    ['\\R', '\r\n', true],
    ['(?m)^', '', false],
    ['\\bx', 'e\u0301x', false],
    ['\\B\u0301', 'e\u0301', true],
    ['\\uD83D\\uDE00', '😀', true],
    ['^[\\uD83D\\uDE00]$', '😀', true],
    ['(?i)\\p{Upper}', 'a', true],
  ]
  for (const [pattern, text, found] of cases) {
    it(`${JSON.stringify(pattern)} ${found ? 'finds' : 'does not find'} ${JSON.stringify(text)}`, () => {
      assert.equal(finds(pattern, text), found)
    })
  }

  it('refuses what JavaScript does differently', () => {
    for (const pattern of [
      'a++',
      '(?>a)',
      '(a)\\1',
      '(?<x>a)\\k<x>',
      '[a-z&&[b]]',
      '\\X',
      '\\G',
      '(?x) a',
      '(?u)a',
      '\\p{javaLowerCase}',
      '\\p{InGreek}',
      '\\y',
      '[\\Q]',
      'a{,3}',
      'a{',
      '^*',
      '*',
      '(',
      ')',
      '[',
      'a**',
      '\\',
    ]) {
      assert.throws(() => translateRegex(pattern), RegexRefused, pattern)
    }
  })

  it('refuses loops whose turns try to match nothing first, because only Java ends them there', () => {
    for (const pattern of ['(?:|a)*', '(?:a??|b)*', '(?:a?|b)+', '(?:\\b|a)*', '(?:(?=a)|b)*a']) {
      assert.throws(() => translateRegex(pattern), /tries to match nothing/, pattern)
    }
    for (const pattern of ['(?:b|a?)*', '(a|)*', '(?:x|(?:y)?)*'])
      assert.doesNotThrow(() => translateRegex(pattern), pattern)
  })

  it('refuses two groups of one name', () => {
    assert.throws(() => translateRegex('(?<n>a)|(?<n>b)'), /two groups are named n/)
  })

  it('refuses what depends on case under (?i), which Javas do differently', () => {
    for (const pattern of ['(?i)\\p{Lu}', '(?i)[\\p{IsLowercase}]', '(?i)\\P{Upper}']) {
      assert.throws(() => translateRegex(pattern), RegexRefused, pattern)
    }
  })

  it('names the groups that Java and JavaScript remember differently, so that nobody refers to them', () => {
    const unsure = (pattern: string, group: number) => isUnsure(regex(translateRegex(pattern)), group)
    assert.ok(unsure('(?:(a)|b)*', 1))
    assert.ok(unsure('(a?)*', 1))
    assert.ok(unsure('((a)|b)+', 2))
    assert.ok(unsure('(?<=(a))b', 1))
    assert.ok(unsure('(?!(a))b', 1))
    assert.ok(!unsure('((a)|b)+', 1))
    assert.ok(!unsure('(a)?[(](b)', 2))
    assert.ok(!unsure('(?:(a)(b))+', 2))
    assert.ok(!unsure('(?:(a)|b)c', 1))
  })

  it('takes patterns of which a long text takes a power of its length', () => {
    for (const pattern of [
      '.*a.*b.*c.*d.*e',
      '(\\d+)-(\\d+)-(\\d+)[ T](\\d+):(\\d+):(\\d+)(\\.\\d+)?',
      '^[^,]*,[^,]*,[^,]*,[^,]*,[^,]*,',
    ])
      assert.doesNotThrow(() => translateRegex(pattern), pattern)
  })

  it('takes a counted repetition of a few turns, which only takes polynomial time', () => {
    for (const pattern of [
      '([a-z]+\\s?){3}',
      '(\\w+,?){1,4}x',
      '(a?){3}a{3}',
      '((a+){2}){2}b',
      '(?:(?:a|a){2})b{30}',
    ]) {
      assert.doesNotThrow(() => translateRegex(pattern), pattern)
    }
    for (const pattern of [
      '(a?){30}a{30}',
      '([a-z]+\\s?){5}',
      '((a+){3}){2}',
      '((a?){3})+b',
      '(\\d{1,3})+x',
      '((a+){2})*b',
    ]) {
      assert.throws(() => translateRegex(pattern), /exponential/, pattern)
    }
  })

  it('refuses what could take exponential time', () => {
    for (const pattern of [
      '(a+)+',
      '(a*)*',
      '(a|a)*',
      '(a|ab|b)*c',
      '(\\w+\\s?)*$',
      '(.*)*x',
      '(.+,)*x',
      '(a?){30}a{30}',
      '(a?b?)*',
      '((a|b)+c?)+',
      '(\\d+|\\w+)*',
      '(x+x+)+y',
      '(?=(a+)+)b',
      '(a{1,3}){1,9}b',
    ]) {
      assert.throws(() => translateRegex(pattern), /exponential/, pattern)
    }
  })

  it('takes repetitions that can be read in one way only', () => {
    for (const pattern of [
      '(a|b)*c',
      '([a-z]+\\.)+com',
      '(\\s*,\\s*\\w+)*',
      '(?:\\d{1,3}\\.){3}\\d{1,3}',
      '.*foo.*bar',
      '(ab)+',
      '("[^"]*",?)*',
      '\\w+@\\w+(\\.\\w+)+',
      '(a+b)+',
      '[a-z]+\\d*[a-z]+',
    ]) {
      assert.doesNotThrow(() => translateRegex(pattern), pattern)
    }
  })

  it('decides about a long pattern in time', () => {
    const words = Array.from({ length: 150 }, (_, i) => `word${i}`).join('|')
    assert.doesNotThrow(() => translateRegex(`(?:${words})`))
    assert.throws(() => translateRegex('a'.repeat(3_000)), RegexRefused)
    assert.throws(() => translateRegex('('.repeat(1_000)), RegexRefused)
  })
})

describe('replaceAll() and split()', () => {
  it('leave surrogate pairs whole, which JavaScript finds \\B within', () => {
    const inside = regex(translateRegex('\\B'))
    assert.equal(replaceAll(inside, 'a😀', ['|']), 'a😀|')
    assert.deepEqual(split(inside, 'a😀b', -1), ['a😀b'])
  })

  it('split a text into characters only by the empty pattern itself', () => {
    assert.deepEqual(split(regex(translateRegex('')), 'ab', -1), ['a', 'b'])
    assert.deepEqual(split(regex(translateRegex('(?i)')), 'ab', -1), ['a', 'b', ''])
  })
})
