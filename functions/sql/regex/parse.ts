import { ASSERTIONS } from './assertions.ts'
import { characterClass, complement, ignoreCase, isCased, LINE_ENDS, predefined, property, ranges } from './classes.ts'
import { type CharacterClass, type Regex, RegexRefused } from './syntax.ts'

const CONTROLS: Readonly<Record<string, number>> = { t: 9, n: 10, r: 13, f: 12, a: 7, e: 27 }

/** `\ud83d\ude00`, after the first `\u`: one character. */
const SURROGATES = /^(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})/i

/** The most times a counted repetition may ask for. */
const MAX_COUNT = 1_000
const MAX_DEPTH = 50

/**
 * Parses Java's regular expressions (java.util.regex.Pattern), as far as JavaScript can do the same. Throws
 * RegexRefused.
 */
export class RegexParser {
  readonly #pattern: string
  #at = 0
  #flags = ''
  #depth = 0
  readonly #names = new Set<string>()

  constructor(pattern: string) {
    this.#pattern = pattern
  }

  parse(): Regex {
    const regex = this.#choice()
    if (this.#at < this.#pattern.length) this.#refuse('there is a ) without its (')
    return regex
  }

  #refuse(message: string, at = this.#at): never {
    throw new RegexRefused(message, at)
  }

  #peek(length = 1): string {
    return this.#pattern.slice(this.#at, this.#at + length)
  }

  #take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false
    this.#at += text.length
    return true
  }

  /** One character (a code point). */
  #next(): string {
    const code = this.#pattern.codePointAt(this.#at)
    if (code === undefined) this.#refuse('it ends too early')
    const character = String.fromCodePoint(code)
    this.#at += character.length
    return character
  }

  #choice(): Regex {
    if (++this.#depth > MAX_DEPTH) this.#refuse(`groups are nested more than ${MAX_DEPTH} deep`)
    const flags = this.#flags
    const options = [this.#sequence()]
    while (this.#take('|')) options.push(this.#sequence())
    // Flags set inside a group end with it.
    this.#flags = flags
    this.#depth--
    return options.length === 1 && options[0] ? options[0] : { kind: 'choice', options }
  }

  #sequence(): Regex {
    const items: Regex[] = []
    while (this.#at < this.#pattern.length && this.#peek() !== '|' && this.#peek() !== ')') {
      const atom = this.#atom()
      if (atom) items.push(this.#quantified(atom))
    }
    return { kind: 'sequence', items }
  }

  #quantified(body: Regex): Regex {
    const at = this.#at
    const bounds = this.#quantifier()
    if (!bounds) return body
    if (body.kind === 'verbatim' || body.kind === 'look') this.#refuse('an assertion is repeated', at)
    const [min, max] = bounds
    if (this.#peek() === '+') this.#refuse('possessive quantifiers (+ after a quantifier) are not supported')
    const lazy = this.#take('?')
    if (/^[*+?{]/.test(this.#peek())) this.#refuse('a quantifier is repeated')
    return { kind: 'repeat', body, min, max, lazy }
  }

  #quantifier(): [number, number] | null {
    if (this.#take('*')) return [0, Infinity]
    if (this.#take('+')) return [1, Infinity]
    if (this.#take('?')) return [0, 1]
    if (this.#peek() !== '{') return null
    const match = /^\{(\d{1,4})(,(\d{0,4}))?\}/.exec(this.#pattern.slice(this.#at))
    if (!match) this.#refuse('a { must be a count such as {2} or {2,5}; write \\{ for the character')
    const [text, least, comma, most] = match
    const min = Number(least)
    const max = comma === undefined ? min : most ? Number(most) : Infinity
    if (max < min || min > MAX_COUNT || (max > MAX_COUNT && max !== Infinity)) this.#refuse(`${text} is out of range`)
    this.#at += text.length
    return [min, max]
  }

  #atom(): Regex | null {
    const at = this.#at
    const character = this.#next()
    switch (character) {
      case '.':
        return this.#flags.includes('s') ? characterClass([[0, 0x10ffff]]) : characterClass(complement(LINE_ENDS))
      case '^':
      case '$':
        return { kind: 'verbatim', source: ASSERTIONS[character + (this.#flags.includes('m') ? 'm' : '')] ?? character }
      case '[':
        return this.#cased(this.#class())
      case '(':
        return this.#group(at)
      case '\\':
        return this.#escape(at)
      case '*':
      case '+':
      case '?':
      case '{':
        return this.#refuse(`there is nothing for ${character} to repeat`, at)
      default:
        return this.#cased(characterClass([codes(character)]))
    }
  }

  #cased(set: CharacterClass, at = this.#at): CharacterClass {
    if (!this.#flags.includes('i')) return set
    const cased = set.properties.find(isCased)
    if (cased) this.#refuse(`${cased} under (?i) differs between versions of Java; write [a-zA-Z] or \\p{L}`, at)
    return ignoreCase(set)
  }

  #group(at: number): Regex | null {
    const body = (kind: 'group' | 'look', open: string): Regex => {
      const regex = this.#choice()
      if (!this.#take(')')) this.#refuse('there is a ( without its )', at)
      return { kind, open, body: regex }
    }
    if (!this.#take('?')) return body('group', '(')
    for (const look of ['=', '!', '<=', '<!']) if (this.#take(look)) return body('look', `(?${look}`)
    if (this.#take(':')) return body('group', '(?:')
    if (this.#take('>')) this.#refuse('atomic groups (?>…) are not supported', at)
    const name = /^<([A-Za-z][A-Za-z0-9]*)>/.exec(this.#pattern.slice(this.#at))
    if (name) {
      this.#at += name[0].length
      if (this.#names.has(name[1] ?? '')) this.#refuse(`two groups are named ${name[1]}`, at)
      this.#names.add(name[1] ?? '')
      return body('group', `(?<${name[1]}>`)
    }
    return this.#inlineFlags(at, body)
  }

  /** `(?i)` for the rest of the group, or `(?i:…)`. */
  #inlineFlags(at: number, body: (kind: 'group', open: string) => Regex): Regex | null {
    const match = /^([a-zA-Z]*)(?:-([a-zA-Z]*))?([:)])/.exec(this.#pattern.slice(this.#at))
    if (!match) this.#refuse('this kind of group is not supported', at)
    const [text, on = '', off = '', end] = match
    const strange = /[^ims]/.exec(on + off)
    if (strange) this.#refuse(`the flag ${strange[0]} is not supported; there are i, m and s`, at)
    this.#at += text.length
    const before = this.#flags
    this.#flags = [...new Set(before + on)].filter(flag => !off.includes(flag)).join('')
    if (end === ')') return null
    const group = body('group', '(?:')
    this.#flags = before
    return group
  }

  #escape(at: number): Regex {
    const letter = this.#next()
    const assertion = ASSERTIONS[letter]
    if (/[bBAz]/.test(letter) && assertion) return { kind: 'verbatim', source: assertion }
    if (letter === 'Z') return { kind: 'verbatim', source: ASSERTIONS.$ ?? '$' }
    if (letter === 'R') return { kind: 'group', open: '(?:', body: { kind: 'choice', options: LINE_BREAKS } }
    if (letter === 'Q') return this.#quoted()
    if (/[1-9k]/.test(letter)) this.#refuse('back references are not supported', at)
    return this.#cased(this.#escapedClass(letter, at))
  }

  /** `\Q…\E`, or to the end. */
  #quoted(): Regex {
    const end = this.#pattern.indexOf('\\E', this.#at)
    const text = this.#pattern.slice(this.#at, end < 0 ? undefined : end)
    this.#at = end < 0 ? this.#pattern.length : end + 2
    const items = [...text].map(character => this.#cased(characterClass([codes(character)])))
    // A quantifier after it belongs to the last character.
    const last = items.pop()
    return last ? { kind: 'sequence', items: [...items, this.#quantified(last)] } : { kind: 'sequence', items: [] }
  }

  /** An escape that stands for characters, inside a class or outside. */
  #escapedClass(letter: string, at: number): CharacterClass {
    const known = predefined(letter)
    if (known) return known
    if (letter === 'p' || letter === 'P') {
      const match = /^(?:\{([^}]*)\}|([A-Z]))/.exec(this.#pattern.slice(this.#at))
      if (!match) this.#refuse('a property needs a name in { }', at)
      this.#at += match[0].length
      const name = match[1] ?? match[2] ?? ''
      if (letter === 'P' && /^(?:Upper|Lower)$/.test(name) && this.#flags.includes('i'))
        this.#refuse(`\\P{${name}} under (?i) is not supported; write [^a-zA-Z]`, at)
      return property(name, letter === 'P', at)
    }
    return characterClass([[this.#escapedCode(letter, at), this.#escapedCode(letter, at)]])
  }

  #escapedCode(letter: string, at: number): number {
    const control = CONTROLS[letter]
    if (control !== undefined) return control
    const rest = this.#pattern.slice(at + 2)
    const match =
      letter === 'x'
        ? (/^([0-9a-fA-F]{2})/.exec(rest) ?? /^\{([0-9a-fA-F]{1,6})\}/.exec(rest))
        : letter === 'u'
          ? (SURROGATES.exec(rest) ?? /^([0-9a-fA-F]{4})/.exec(rest))
          : letter === '0'
            ? /^([0-3][0-7]{2}|[0-7]{1,2})/.exec(rest)
            : letter === 'c'
              ? /^([\s\S])/.exec(rest)
              : null
    if (match) {
      const [text, digits = '', low] = match
      this.#at = at + 2 + text.length
      if (low !== undefined) return codePoint(digits, low)
      return letter === 'c'
        ? digits.charCodeAt(0) ^ 64
        : Math.min(Number.parseInt(digits, letter === '0' ? 8 : 16), 0x10ffff)
    }
    if (/[A-Za-z0-9]/.test(letter)) this.#refuse(`the escape \\${letter} is not supported`, at)
    return letter.codePointAt(0) ?? 0
  }

  /** The rest of a class, after its `[`. Classes inside it are united; `&&` is not supported. */
  #class(): CharacterClass {
    const start = this.#at
    const negated = this.#take('^')
    let ranges: (readonly [number, number])[] = []
    let properties: string[] = []
    const first = this.#at
    while (this.#at === first || this.#peek() !== ']') {
      if (this.#at >= this.#pattern.length) this.#refuse('there is a [ without its ]', start - 1)
      if (this.#peek(2) === '&&') this.#refuse('intersections of classes (&&) are not supported')
      const item = this.#classItem()
      if (item.negated && item.properties.length > 0)
        this.#refuse('a negated class with properties inside a class is not supported')
      ranges = [...ranges, ...(item.negated ? complement(item.ranges) : item.ranges)]
      properties = [...properties, ...item.properties]
    }
    this.#at++
    return characterClass(ranges, negated, properties)
  }

  #classItem(): CharacterClass {
    const at = this.#at
    const character = this.#next()
    if (character === '[') return this.#class()
    const from = character === '\\' ? this.#escapedClass(this.#next(), at) : characterClass([codes(character)])
    const low = single(from)
    if (low === null || this.#peek() !== '-' || /^-(\]|\[|&&|$)/.test(this.#pattern.slice(this.#at))) return from
    this.#at++
    const end = this.#at
    const last = this.#next()
    const high = single(last === '\\' ? this.#escapedClass(this.#next(), end) : characterClass([codes(last)]))
    if (high === null || high < low) this.#refuse('a range of a class is out of order', at)
    return characterClass([[low, high]])
  }
}

const LINE_BREAKS: readonly Regex[] = [
  { kind: 'sequence', items: [characterClass(ranges('d')), characterClass(ranges('a'))] },
  characterClass(ranges('a-d 85 2028-2029')),
]

function codePoint(high: string, low: string): number {
  return 0x10000 + (Number.parseInt(high, 16) - 0xd800) * 0x400 + (Number.parseInt(low, 16) - 0xdc00)
}

function codes(character: string): readonly [number, number] {
  const code = character.codePointAt(0) ?? 0
  return [code, code]
}

function single({ ranges, negated, properties }: CharacterClass): number | null {
  const [only] = ranges
  return !negated && properties.length === 0 && ranges.length === 1 && only && only[0] === only[1] ? only[0] : null
}
