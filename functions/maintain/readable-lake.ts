import type { Lake } from '../lake/lake.ts'
import type { Codecs } from '../parquet/pages/codecs.ts'

/** A lake, and what decompresses its files. */
export interface ReadableLake extends Lake {
  readonly codecs: Codecs
}
