import { command, options, UsageError } from './command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from './open-lake.ts'
import { explainReview } from './upkeep/why.ts'

const USAGE = 'npm run why -- [--lake DIR | --stage NAME] [--column review_id] [--prefix bronze/reviews/…] REVIEW_ID'

await command(async () => {
  const { values, positionals } = options(USAGE, {
    ...ANY_LAKE_OPTIONS,
    column: { type: 'string', default: 'review_id' },
    prefix: { type: 'string' },
  })
  const [id, ...rest] = positionals
  if (id === undefined || rest.length > 0) throw new UsageError(`one id is needed: usage: ${USAGE}`)
  const { column, prefix } = values
  const lake = await openAnyLake(values)
  const stories = await explainReview({ ...lake, id, column, ...(prefix !== undefined && { prefix }) })
  if (stories.length === 0) throw new UsageError(`no bronze file that can be read has a row with ${column} ${id}`)
  for (const story of stories) {
    for (const [name, text] of story) console.log(`${name.padEnd(10)} ${text}`)
    console.log()
  }
})
