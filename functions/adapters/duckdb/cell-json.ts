import {
  type DuckDBArrayType,
  type DuckDBListType,
  type DuckDBMapType,
  type DuckDBStructType,
  type DuckDBType,
  DuckDBTypeId,
  type Json,
} from '@duckdb/node-api'

/**
 * A value of DuckDB's JSON, with integers as numbers as long as they fit one, and floats with the fewest digits that
 * mean the same float.
 */
export function cellJson(value: Json, type: DuckDBType): Json {
  if (value === null) return null
  switch (type.typeId) {
    case DuckDBTypeId.BIGINT:
    case DuckDBTypeId.UBIGINT:
    case DuckDBTypeId.HUGEINT: // DuckDB writes these as text, because they may exceed a number
      return typeof value === 'string' && Number.isSafeInteger(Number(value)) ? Number(value) : value
    case DuckDBTypeId.FLOAT:
      return typeof value === 'number' ? shortest(value) : value
    case DuckDBTypeId.LIST:
    case DuckDBTypeId.ARRAY: {
      const { valueType } = type as DuckDBListType | DuckDBArrayType // as its id says; the same holds below
      return Array.isArray(value) ? value.map(each => cellJson(each, valueType)) : value
    }
    case DuckDBTypeId.STRUCT: {
      const { entryNames, entryTypes } = type as DuckDBStructType
      if (typeof value !== 'object' || Array.isArray(value)) return value
      const entries = entryNames.map((name, i) => [name, entryJson(value[name], entryTypes[i])] as const)
      return Object.fromEntries(entries)
    }
    case DuckDBTypeId.MAP: {
      const { keyType, valueType } = type as DuckDBMapType
      if (!Array.isArray(value)) return value
      return value.map(entry => {
        if (entry === null || typeof entry !== 'object' || Array.isArray(entry)) return entry
        return { key: entryJson(entry.key, keyType), value: entryJson(entry.value, valueType) }
      })
    }
    default:
      return value
  }
}

/** The cells of a row. */
export function rowJson(row: readonly Json[], types: readonly DuckDBType[]): Json[] {
  return row.map((value, i) => entryJson(value, types[i]))
}

function entryJson(value: Json | undefined, type: DuckDBType | undefined): Json {
  return value === undefined || type === undefined ? null : cellJson(value, type)
}

/** The number of the fewest digits that rounds to a float. */
function shortest(float: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(float.toPrecision(digits))
    if (Math.fround(short) === float) return short
  }
  return float
}
