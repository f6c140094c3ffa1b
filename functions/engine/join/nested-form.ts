import { elementAt } from '../../base/at.ts'
import { type Physical, physicalOf } from '../../parquet/metadata/column-type.ts'
import { leavesOf } from '../../parquet/metadata/footer.ts'
import { isListElement, isMapGroup } from '../../parquet/metadata/nested-type.ts'
import { ParquetError } from '../../parquet/metadata/parquet-error.ts'
import type { SchemaNode } from '../../parquet/metadata/schema.ts'
import type { Page } from '../../parquet/pages/chunk-reader.ts'
import { converted } from '../../parquet/pages/convert.ts'
import type { PlainValues } from '../../parquet/pages/plain-values.ts'

/** A leaf; `places` are those where its column's Spark type can be NULL or repeat: whether each has a definition level. */
interface Leaf {
  readonly physical: Physical
  readonly places: readonly boolean[]
}

/** Whether chunks of one nested column fit the schema of another: inner groups may have other names. */
export function sameForm(a: SchemaNode, b: SchemaNode): boolean {
  if (a === b) return true
  const form = (node: SchemaNode) =>
    leavesOf(node).map(leaf => [physicalOf(leaf.element), leaf.maxDefinition, leaf.maxRepetition])
  return JSON.stringify([placesOf(a), form(a)]) === JSON.stringify([placesOf(b), form(b)])
}

/** Turns pages of a nested column's leaf into the form of another column of the same Spark type. */
export interface Reform {
  page(page: Page): Page
  dictionary(values: PlainValues | null): PlainValues | null
}

/** How to reform the pages of each leaf; null for those that can stay as they are. Throws ParquetError if that can't be done. */
export function reforms(from: SchemaNode, to: SchemaNode): readonly (Reform | null)[] {
  if (sameForm(from, to)) return leavesOf(from).map(() => null)
  const targets = placesOf(to)
  return placesOf(from).map((source, i) => {
    const target = targets[i]
    if (!target || target.places.length !== source.places.length) {
      throw new ParquetError(`column ${from.element.name} is nested differently here than in the other files`)
    }
    return reform(source, target, from.element.name)
  })
}

function reform(source: Leaf, target: Leaf, name: string): Reform {
  const levels = mappedLevels(source.places, target.places)
  const values = (plain: PlainValues) => converted(plain, source.physical, target.physical, target.physical.sql)
  const most = levels.at(-1)
  const ambiguous = levels.indexOf(most ?? 0)
  let from: PlainValues | null = null
  let made: PlainValues | null = null
  return {
    page(page) {
      const definition = page.definition?.map(level => {
        if (level >= ambiguous && level < levels.length - 1) {
          throw new ParquetError(`column ${name} has NULL where its type does not allow it, such as the key of a map`)
        }
        return elementAt(levels, level)
      })
      const { values: own } = page
      return {
        ...page,
        definition: definition ?? null,
        values: own.kind === 'plain' ? { ...own, plain: values(own.plain) } : own,
      }
    },
    dictionary(plain) {
      if (plain !== from) made = plain && values(plain)
      from = plain
      return made
    },
  }
}

/** The target's definition level for each of the source. */
function mappedLevels(source: readonly boolean[], target: readonly boolean[]): number[] {
  const levels: number[] = []
  let reached = 0
  for (const [i, counts] of source.entries()) {
    if (counts) levels.push(reached)
    if (target[i]) reached++
  }
  return [...levels, reached]
}

/** The leaves of a column, walked as its Spark type is (sparkTypeOf), whatever levels the file spends on lists and maps. */
function placesOf(column: SchemaNode): Leaf[] {
  const field = (node: SchemaNode, above: readonly boolean[]): Leaf[] => {
    const { repetition } = node.element
    // A repeated field is an array by itself; neither it nor its elements are ever NULL.
    if (repetition === 'REPEATED') return content(node, [...above, false, true, false])
    return content(node, [...above, repetition === 'OPTIONAL'])
  }
  const content = (node: SchemaNode, places: readonly boolean[]): Leaf[] => {
    if (node.element.type !== null) return [{ physical: physicalOf(node.element), places }]
    const [only] = node.children
    if (only && isListElement(node)) return content(only, [...places, true, false])
    const element = only && isListElement(node) === false ? only.children[0] : undefined
    if (element) return field(element, [...places, true])
    if (only && isMapGroup(node)) return only.children.flatMap(child => field(child, [...places, true]))
    return node.children.flatMap(child => field(child, places))
  }
  return field(column, [])
}
