import { printType } from '../type-text.ts'
import { type Column, type FileColumn, type SqlType, sameType } from '../types.ts'
import { columnsByName, type PathValues } from './file-columns.ts'
import { pathType, pathValue } from './path-types.ts'
import { widens, widest } from './widen.ts'

/** What one bronze file has: its columns in order, and the `key=value` segments of its path. */
export interface FileSchema {
  readonly key: string
  readonly columns: readonly FileColumn[]
  readonly path: PathValues
}

/** A file that can't be read with the others, and why. */
export interface Misfit {
  readonly key: string
  readonly reason: string
}

export interface UnitedSchema {
  /** The columns of the reviews view: those of the files as they come up, then those of the paths. */
  readonly columns: readonly FileColumn[]
  readonly misfits: readonly Misfit[]
}

/**
 * The columns of the reviews view over a batch, where bronze.sql does not declare them: the union over its files by
 * name (case-insensitive), in first-seen order, each as wide as its widest file. Where types clash, the one that most
 * files can be read as stays (of equal ones the first seen) and the other files do not fit, if the column is needed. A
 * column of `known`, the schema of earlier batches, keeps its type unless it only has to be widened. A column that no
 * file gives a type has none yet.
 */
export function unionSchemas(
  files: readonly FileSchema[],
  known: readonly Column[] = [],
  isNeeded: (name: string) => boolean = () => true,
): UnitedSchema {
  const named = files.map(file => ({ ...file, byName: columnsByName(file.columns) }))
  const types = chooseTypes(named, known)
  const paths = choosePathTypes(named, known, types)
  const whose = (lower: string, wanted: SqlType) =>
    !sameType(types.get(lower) ?? 'void', wanted) ? 'in the paths' : ownersOf(named, known, lower, wanted)
  const misfits: Misfit[] = []
  // A column that only misfits have is not one of the batch; the order is that of the files that are read.
  const names = new Map<string, FileColumn>()
  for (const file of named) {
    const reason = clash(file, types, paths, isNeeded, whose)
    if (reason) misfits.push({ key: file.key, reason })
    else addColumns(names, file.byName, types)
  }
  const fromFiles = [...names].map(([lower, column]): FileColumn => {
    const path = paths.get(lower)
    return path ? { name: column.name, type: path.type } : column
  })
  const fromPaths = [...paths.keys()].filter(lower => !names.has(lower)).flatMap(lower => paths.get(lower) ?? [])
  return { columns: [...fromFiles, ...fromPaths], misfits }
}

type NamedSchema = FileSchema & { readonly byName: ReadonlyMap<string, FileColumn> }

/** Adds a file's columns, those that are new. */
function addColumns(
  names: Map<string, FileColumn>,
  byName: ReadonlyMap<string, FileColumn>,
  types: ReadonlyMap<string, SqlType>,
): void {
  for (const [lower, column] of byName) {
    const type = types.get(lower)
    const known = names.get(lower)
    if (!known) names.set(lower, type ? { name: column.name, type } : column)
    // the reason why a column can't be read says more than that another file has nothing in it
    else if (known.type === null && known.fault === null && column.type === null) names.set(lower, column)
  }
}

/** The type of each column that has one, by its name in lower case. */
function chooseTypes(files: readonly NamedSchema[], known: readonly Column[]): Map<string, SqlType> {
  const earlier = new Map(known.map(({ name, type }) => [name.toLowerCase(), type]))
  const seen = new Map<string, SqlType[]>()
  for (const { byName } of files) {
    for (const [lower, { type }] of byName) {
      const types = seen.get(lower) ?? []
      if (type !== null) types.push(type)
      seen.set(lower, types)
    }
  }
  const chosen = new Map<string, SqlType>()
  for (const [name, types] of seen) {
    const type = choose(types, earlier.get(name))
    if (type) chosen.set(name, type)
  }
  return chosen
}

/** Of the types that some files share, widened, the one that most files can be read as. None for no types. */
function choose(types: readonly SqlType[], earlier: SqlType | undefined): SqlType | undefined {
  const widened: SqlType[] = []
  for (const type of types) {
    const at = widened.findIndex(other => widest(other, type))
    const other = widened[at]
    if (other) widened[at] = widest(other, type) ?? other
    else widened.push(type)
  }
  // An int can be read as a bigint and as a double, which can't be read as one another.
  const files = (wide: SqlType) => types.filter(type => widens(type, wide)).length
  const most = (some: readonly SqlType[]) => [...some].sort((a, b) => files(b) - files(a))[0]
  if (!earlier) return most(widened)
  const fitting = most(widened.filter(type => widest(type, earlier)))
  if (fitting && sameType(fitting, earlier)) return fitting
  return (fitting && widest(fitting, earlier)) ?? earlier
}

/** A segment that names a column which most files have inside has that column's type. */
function choosePathTypes(
  files: readonly FileSchema[],
  known: readonly Column[],
  inside: ReadonlyMap<string, SqlType>,
): Map<string, Column> {
  const values = new Map<string, { name: string; texts: string[] }>()
  for (const { path } of files) {
    for (const [name, value] of Object.entries(path)) {
      const entry = values.get(name.toLowerCase()) ?? { name, texts: [] }
      if (value !== null) entry.texts.push(value)
      values.set(name.toLowerCase(), entry)
    }
  }
  return new Map(
    [...values].map(([lower, { name, texts }]) => {
      const earlier = known.find(column => column.name.toLowerCase() === lower)?.type
      const mostly = texts.length * 2 < files.length ? inside.get(lower) : undefined
      return [lower, { name, type: earlier ?? mostly ?? pathType(texts) }]
    }),
  )
}

/** How many of the files that have a column's type are named at most. */
const NAMED = 2

/** Where a column has the type that a file can't be read as: the files are named if most have another type. */
function ownersOf(files: readonly NamedSchema[], known: readonly Column[], lower: string, wanted: SqlType): string {
  const earlier = known.find(({ name }) => name.toLowerCase() === lower)
  if (earlier && sameType(earlier.type, wanted)) return 'in earlier batches'
  const typed = files.flatMap(({ key, byName }) => {
    const type = byName.get(lower)?.type
    return type ? [{ key, type }] : []
  })
  const owners = typed.filter(({ type }) => sameType(type, wanted)).map(({ key }) => key)
  if (owners.length === 0 || owners.length * 2 > typed.length) return 'in the other files'
  const more = owners.length > NAMED ? ` and ${owners.length - NAMED} more` : ''
  return `in ${owners.slice(0, NAMED).join(', ')}${more}`
}

/** Why a file does not fit: a column that is needed can't be read, or not as the other files' can. */
function clash(
  file: NamedSchema,
  types: ReadonlyMap<string, SqlType>,
  paths: ReadonlyMap<string, Column>,
  isNeeded: (name: string) => boolean,
  whose: (name: string, wanted: SqlType) => string,
): string | null {
  for (const [lower, column] of file.byName) {
    if (!isNeeded(lower) || Object.keys(file.path).some(name => name.toLowerCase() === lower)) continue
    const { name, type } = column
    if (type === null) {
      if (column.fault !== null) return column.fault
      continue
    }
    const wanted = paths.get(lower)?.type ?? types.get(lower)
    if (wanted && !widens(type, wanted))
      return `column ${name} is ${printType(type)} here and ${printType(wanted)} ${whose(lower, wanted)}`
  }
  for (const [name, value] of Object.entries(file.path)) {
    const wanted = paths.get(name.toLowerCase())
    if (wanted && isNeeded(name.toLowerCase()) && pathValue(value, wanted.type) === undefined)
      return `the path has ${name}=${value}, which can't be read as ${printType(wanted.type)}`
  }
  return null
}
