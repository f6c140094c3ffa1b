/**
 * A LIKE pattern cut at its `%`: each piece is text with `null` for `_`, one character. Matching takes time in the
 * order of text length × pattern length at most, whatever the pattern.
 */
type Piece = readonly (string | null)[]

/** The pattern's pieces, or the place of a wrong escape: only `_`, `%` and the escape itself can be escaped. */
export function parseLike(pattern: string, mark: string): readonly Piece[] | { readonly wrongAt: number } {
  const pieces: (string | null)[][] = [[]]
  const characters = [...pattern]
  for (let i = 0; i < characters.length; i++) {
    let character = characters[i] ?? ''
    if (character === mark) {
      character = characters[++i] ?? ''
      if (character !== '_' && character !== '%' && character !== mark) return { wrongAt: i - 1 }
      pieces.at(-1)?.push(character)
    } else if (character === '%') {
      pieces.push([])
    } else {
      pieces.at(-1)?.push(character === '_' ? null : character)
    }
  }
  return pieces
}

/** A test for `text LIKE pattern`; the pattern was checked when the query was compiled. */
export function like(pattern: string, mark: string): (text: string) => boolean {
  const pieces = parseLike(pattern, mark)
  if ('wrongAt' in pieces) throw new RangeError(`like pattern ${pattern} has a wrong escape`)
  const [first = [], ...rest] = pieces
  const last = rest.pop()
  if (!last) return text => matchAt(text, 0, first) === text.length
  return text => {
    let at = matchAt(text, 0, first)
    for (const piece of rest) {
      if (at < 0) return false
      at = find(text, at, piece)
    }
    return at >= 0 && endsWith(text, at, last)
  }
}

/** Where the piece ends if it stands at `at`, else -1. */
function matchAt(text: string, at: number, piece: Piece): number {
  let end = at
  for (const character of piece) {
    if (end >= text.length) return -1
    if (character === null) {
      end += (text.codePointAt(end) ?? 0) > 0xffff ? 2 : 1
    } else {
      if (!text.startsWith(character, end)) return -1
      end += character.length
    }
  }
  return end
}

/** Where the first occurrence from `at` on ends, else -1. */
function find(text: string, at: number, piece: Piece): number {
  const literal = literalOf(piece)
  if (literal !== null) {
    const start = text.indexOf(literal, at)
    return start < 0 ? -1 : start + literal.length
  }
  const [head] = piece
  for (let start = at; start <= text.length; start++) {
    if (typeof head === 'string') {
      start = text.indexOf(head, start)
      if (start < 0) return -1
    }
    const end = matchAt(text, start, piece)
    if (end >= 0) return end
  }
  return -1
}

const literals = new WeakMap<Piece, string | null>()

/** The piece as text, which the engine's own search finds fast; null if it has a `_`. */
function literalOf(piece: Piece): string | null {
  const known = literals.get(piece)
  if (known !== undefined) return known
  const literal = piece.includes(null) ? null : piece.join('')
  literals.set(piece, literal)
  return literal
}

/** Whether the text from `at` on ends with the piece: walks back as many characters as the piece has. */
function endsWith(text: string, at: number, piece: Piece): boolean {
  let start = text.length
  for (let i = 0; i < piece.length; i++) {
    if (start <= at) return false
    start -= start >= 2 && (text.codePointAt(start - 2) ?? 0) > 0xffff ? 2 : 1
  }
  return start >= at && matchAt(text, start, piece) === text.length
}
