import { caseTwins, type PathValues, pathValue } from './file-columns.ts'
import type { Column, SqlType } from './types.ts'
import { widens, widest } from './widen.ts'

/** What one bronze file has: its columns in order, and the `key=value` segments of its path. */
export interface FileSchema {
  readonly key: string
  readonly columns: readonly Column[]
  readonly path: PathValues
}

/** A file that can't be read with the others, and why. */
export interface Misfit {
  readonly key: string
  readonly reason: string
}

export interface UnitedSchema {
  /** The columns of the reviews view: those of the files as they come up, then those of the paths. */
  readonly columns: readonly Column[]
  readonly misfits: readonly Misfit[]
}

/**
 * The columns of the reviews view over a batch, where bronze.sql does not declare them: the union over its files by
 * name (case-insensitive), in first-seen order, each as wide as its widest file. Where types clash, the one that most
 * files can be read as stays (of equal ones the first seen) and the other files do not fit. A column of `known`, the
 * schema of earlier batches, keeps its type unless it only has to be widened.
 */
export function unionSchemas(files: readonly FileSchema[], known: readonly Column[] = []): UnitedSchema {
  const misfits: Misfit[] = []
  const readable = files.filter(({ key, columns }) => {
    const reason = caseTwins(columns)
    if (reason) misfits.push({ key, reason })
    return reason === null
  })
  const columns = chooseTypes(readable, known)
  const paths = choosePathTypes(readable, known, columns)
  const fitting: FileSchema[] = []
  for (const file of readable) {
    const reason = clash(file, columns, paths)
    if (reason) misfits.push({ key: file.key, reason })
    else fitting.push(file)
  }
  // What only files that do not fit have is no column of the batch; the order is that of the files that are read.
  const names = new Map<string, Column>()
  for (const file of fitting) for (const column of file.columns) addOnce(names, column.name, columns)
  const overlap = new Set(paths.keys())
  const fromFiles = [...names].map(([lower, column]) => ({
    name: column.name,
    type: paths.get(lower)?.type ?? column.type,
  }))
  const fromPaths = [...overlap].filter(lower => !names.has(lower)).flatMap(lower => paths.get(lower) ?? [])
  return { columns: [...fromFiles, ...fromPaths], misfits }
}

function addOnce(names: Map<string, Column>, name: string, types: ReadonlyMap<string, SqlType>): void {
  const lower = name.toLowerCase()
  const type = types.get(lower)
  if (type && !names.has(lower)) names.set(lower, { name, type })
}

/** The type of each column, by its name in lower case. */
function chooseTypes(files: readonly FileSchema[], known: readonly Column[]): Map<string, SqlType> {
  const seen = new Map<string, SqlType[]>()
  for (const { columns } of files) {
    for (const { name, type } of columns) {
      const lower = name.toLowerCase()
      const types = seen.get(lower)
      if (types) types.push(type)
      else seen.set(lower, [type])
    }
  }
  const earlier = new Map(known.map(({ name, type }) => [name.toLowerCase(), type]))
  return new Map([...seen].map(([name, types]) => [name, choose(types, earlier.get(name))]))
}

/** Of the types that some files share, widened, the one that most files can be read as. */
function choose(types: readonly SqlType[], earlier: SqlType | undefined): SqlType {
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
  if (!earlier) return most(widened) ?? 'string'
  const fitting = most(widened.filter(type => widest(type, earlier)))
  return (fitting && widest(fitting, earlier)) ?? earlier
}

/** The types that Spark would try for a partition column, the first that all its values read as. */
const PATH_TYPES: readonly SqlType[] = ['int', 'bigint', 'double', 'date', 'timestamp']

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

function pathType(texts: readonly string[]): SqlType {
  if (texts.length === 0) return 'string'
  const type = PATH_TYPES.find(type => texts.every(text => isPathValue(text, type))) ?? 'string'
  // A double would round whole numbers beyond an int that stand beside fractions: text, as Spark has it.
  const isRounded = (text: string) => /^[+-]?\d+$/.test(text) && pathValue(text, 'int') === undefined
  return type === 'double' && texts.some(isRounded) ? 'string' : type
}

const NUMBER = /^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$/

/** Stricter than a cast: `2014` alone is a number, and a date must be a whole one. */
function isPathValue(text: string, type: SqlType): boolean {
  if (type === 'int' || type === 'bigint') return /^[+-]?\d+$/.test(text) && pathValue(text, type) !== undefined
  if (type === 'double') return NUMBER.test(text)
  if (type === 'date') return /^\d{4}-\d\d?-\d\d?$/.test(text) && pathValue(text, type) !== undefined
  return /^\d{4}-\d\d?-\d\d?[ T]\d/.test(text) && pathValue(text, type) !== undefined
}

function clash(
  file: FileSchema,
  types: ReadonlyMap<string, SqlType>,
  paths: ReadonlyMap<string, Column>,
): string | null {
  for (const { name, type } of file.columns) {
    const lower = name.toLowerCase()
    const wanted = types.get(lower)
    if (wanted && !paths.has(lower) && !widens(type, wanted))
      return `column ${name} is ${type} here and ${wanted} in the other files`
  }
  for (const [name, value] of Object.entries(file.path)) {
    const wanted = paths.get(name.toLowerCase())
    if (wanted && pathValue(value, wanted.type) === undefined)
      return `the path has ${name}=${value}, which is no ${wanted.type}`
  }
  return null
}
