/** A set of characters: ranges of code points and JavaScript property escapes (`\p{L}`), or all others. */
export interface CharacterClass {
  readonly kind: 'class'
  readonly negated: boolean
  readonly ranges: readonly (readonly [number, number])[]
  readonly properties: readonly string[]
}

/** A regular expression after parsing. `verbatim` is an assertion or the like, in JavaScript's syntax. */
export type Regex =
  | CharacterClass
  | { readonly kind: 'verbatim'; readonly source: string }
  | { readonly kind: 'sequence'; readonly items: readonly Regex[] }
  | { readonly kind: 'choice'; readonly options: readonly Regex[] }
  | { readonly kind: 'group'; readonly open: string; readonly body: Regex }
  | { readonly kind: 'look'; readonly open: string; readonly body: Regex }
  | {
      readonly kind: 'repeat'
      readonly body: Regex
      readonly min: number
      readonly max: number
      readonly lazy: boolean
    }

/** Why a regular expression is not taken; `at` is an offset into it. */
export class RegexRefused extends Error {
  override readonly name = 'RegexRefused'
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}
