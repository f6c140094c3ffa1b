import { visible } from '../base/visible.ts'

/** Markup that is safe to show: made by `html` alone, so that every text in it was escaped. */
export class Html {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }

  toString(): string {
    return this.text
  }
}

/** What `html` takes: markup, texts and numbers, lists of them; null, undefined and false give nothing. */
export type Part = Html | string | number | null | undefined | false | readonly Part[]

/**
 * A template of HTML or SVG. Whatever stands in `${}` is escaped, for text and for attributes in double quotes, and its
 * control characters are shown as `\u001b`; only markup that `html` made is taken as it is.
 */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(strings.reduce((text, string, i) => text + partText(parts[i - 1]) + string))
}

/** Parts one after the other. */
export function joined(parts: readonly Part[]): Html {
  return new Html(partText(parts))
}

function partText(part: Part): string {
  if (part === null || part === undefined || part === false) return ''
  if (part instanceof Html) return part.text
  if (Array.isArray(part)) return part.map(partText).join('')
  return escaped(String(part))
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escaped(text: string): string {
  return visible(text).replaceAll(/[&<>"']/g, character => ESCAPES[character] ?? character)
}
