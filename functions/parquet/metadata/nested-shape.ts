import { isListElement, isMapGroup } from './nested-type.ts'
import { ParquetError } from './parquet-error.ts'
import type { SchemaNode } from './schema.ts'

/**
 * A nested column in the shape of its Spark type (sparkTypeOf), with the levels that the file spends on it, whatever groups
 * it uses for lists and maps. Leaves are counted from the column's first.
 */
export type NestedShape = Place &
  (
    | { readonly kind: 'leaf'; readonly node: SchemaNode }
    | { readonly kind: 'struct'; readonly fields: readonly NestedShape[] }
    | (Repeated & { readonly kind: 'array'; readonly element: NestedShape })
    | (Repeated & { readonly kind: 'map'; readonly key: NestedShape; readonly value: NestedShape })
  )

interface Place {
  readonly firstLeaf: number
  readonly leaves: number
  /** Whether it can be NULL, which is the definition level below `present`. */
  readonly optional: boolean
  /** The definition level of what is not NULL. */
  readonly present: number
}

/** An array's elements or a map's entries: the repetition level of all but the first, and the definition level of each. */
interface Repeated {
  readonly level: number
  readonly defined: number
}

/** The shape of a column. Throws ParquetError for a form that no writer uses. */
export function shapeOf(column: SchemaNode): NestedShape {
  const place = (node: SchemaNode, present: number, optional: boolean): Place => ({
    firstLeaf: node.firstLeaf - column.firstLeaf,
    leaves: node.leaves,
    optional,
    present,
  })
  const field = (node: SchemaNode): NestedShape => {
    const { repetition } = node.element
    if (repetition !== 'REPEATED') return content(node, place(node, node.maxDefinition, repetition === 'OPTIONAL'))
    // A repeated field is an array by itself; neither it nor its elements are ever NULL.
    const element = content(node, place(node, node.maxDefinition, false))
    return { kind: 'array', ...place(node, node.maxDefinition - 1, false), ...repeated(node), element }
  }
  const content = (node: SchemaNode, at: Place): NestedShape => {
    if (node.element.type !== null) return { kind: 'leaf', ...at, node }
    const [only] = node.children
    const isElement = isListElement(node)
    if (only && isElement !== undefined) {
      const [inner] = only.children
      if (!isElement && inner?.element.repetition === 'REPEATED')
        throw new ParquetError(`column ${column.element.name} has a list in a form that is not read`)
      const element = isElement || !inner ? content(only, place(only, only.maxDefinition, false)) : field(inner)
      return { kind: 'array', ...at, ...repeated(only), element }
    }
    const [key, value] = only && isMapGroup(node) ? only.children : []
    if (only && key && value) return { kind: 'map', ...at, ...repeated(only), key: field(key), value: field(value) }
    return { kind: 'struct', ...at, fields: node.children.map(field) }
  }
  return field(column)
}

function repeated({ maxDefinition, maxRepetition }: SchemaNode): Repeated {
  return { level: maxRepetition, defined: maxDefinition }
}
