import { InvalidQuery } from '../../functions/sql/invalid.ts'
import { readFunctionAnswers } from '../parity/functions/answers.ts'
import { compile } from './compile-query.ts'

/** Groups of Spark's documentation whose functions give one value for each row. */
const SCALAR = new Set(
  `string_funcs math_funcs datetime_funcs hash_funcs bitwise_funcs conditional_funcs conversion_funcs predicate_funcs misc_funcs url_funcs
  array_funcs map_funcs struct_funcs collection_funcs lambda_funcs json_funcs csv_funcs xml_funcs`.split(/\s+/),
)

/** What is written as an operator or in a form of its own, and so can't be called by its name with any arguments. */
const WRITTEN = new Set('! < <= <=> = == > >= and in not or % * + - / div & ^ | ~ cast when extract split'.split(' '))

/** Why a function is not there. */
const REASONS: readonly (readonly [string, string])[] = [
  [
    'a batch that is processed again must give the same rows',
    'monotonically_increasing_id rand randn random shuffle spark_partition_id uuid',
  ],
  [
    'they tell of a session or a file split, and a batch has neither',
    'current_catalog current_database current_schema current_user input_file_block_length input_file_block_start user version',
  ],
  ['there is no `TIMESTAMP_NTZ` in Athena', 'convert_timezone make_timestamp_ntz to_timestamp_ntz'],
  ['they give intervals, which no column can hold', 'make_dt_interval make_interval make_ym_interval'],
  [
    'they belong to an aggregate',
    'bitmap_bit_position bitmap_bucket_number bitmap_count hll_sketch_estimate hll_union session_window window window_time',
  ],
  ['the rules by which Java finds words and sentences are not those of JavaScript', 'sentences'],
  ['a key has no place in silver.sql, and each run encrypts otherwise', 'aes_decrypt aes_encrypt try_aes_decrypt'],
  ['they run any Java', 'java_method reflect'],
  ['not yet', 'from_csv schema_of_csv to_csv'],
  [
    'not yet: there is no XML',
    'xpath xpath_boolean xpath_double xpath_float xpath_int xpath_long xpath_number xpath_short xpath_string',
  ],
  ['one row would stop every run; filter it', 'assert_true raise_error'],
]

/** Spark's scalar functions, and which of them can be called here. */
export async function sparkFunctions(): Promise<{ readonly all: string[]; readonly there: string[] }> {
  const { functions } = await readFunctionAnswers()
  const all = Object.entries(functions)
    .flatMap(([name, group]) => (SCALAR.has(group) ? [name] : []))
    .sort()
  const known = await Promise.all(
    all.map(async name => WRITTEN.has(name) || (await isCallable(`${name}()`)) || (await isCallable(`${name}(NULL)`))),
  )
  return { all, there: all.filter((_, i) => known[i]) }
}

async function isCallable(call: string): Promise<boolean> {
  try {
    await compile(`SELECT ${call} AS x FROM bronze_reviews`)
    return true
  } catch (error) {
    if (!(error instanceof InvalidQuery)) throw error
    return !/unknown function|is not possible|is not supported|expected/.test(error.message)
  }
}

/** What docs/sql.md says about the functions of Spark that are not there. */
export function missingFunctions(all: readonly string[], there: readonly string[]): string {
  const rows = REASONS.map(([reason, names]) => {
    const list = names.split(' ').map(name => `\`${name.toUpperCase()}\``)
    return `| ${list.join(', ')} | ${reason} |`
  })
  const count = `${there.length} of the ${all.length} scalar functions and operators that Spark 3.5 documents are there. The others:`
  return [count, '', '| Function | Why it is not there |', '|---|---|', ...rows].join('\n')
}

export const MISSING: readonly string[] = REASONS.flatMap(([, names]) => names.split(' ')).sort()
