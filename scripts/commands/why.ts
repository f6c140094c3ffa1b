import { codecs } from '../../functions/adapters/codecs.ts'
import { Refusal, UsageError } from '../../functions/base/refusal.ts'
import { listed, many } from '../../functions/base/text.ts'
import { visibleLine } from '../../functions/base/visible.ts'
import { explainReview } from '../../functions/maintain/why/explain-review.ts'
import { defineCommand, factsJson, JSON_OPTION } from '../command-line/command.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'
import { belowReviews } from './backfill/request.ts'

export default defineCommand(
  {
    purpose:
      'Says what happened to a review: where it stands in bronze, which batch, attempt and customers it met, and whether it ' +
      'is in silver, filtered (and by what), rejected (by which rules), parked, quarantined, or not seen yet. If its bronze file is gone, silver and ' +
      'the parked reviews are searched.',
    operand: { form: 'REVIEW_ID', noun: 'id' },
    options: {
      ...ANY_LAKE_OPTIONS,
      column: { type: 'string', default: 'review_id', value: 'NAME', help: 'the column of bronze that holds the id' },
      prefix: {
        type: 'string',
        value: 'KEY',
        help: 'where in bronze to search, such as bronze/reviews/2024/; default: everywhere',
      },
      ...JSON_OPTION,
    },
  },
  async (values, id) => {
    const { column } = values
    const lake = await openAnyLake(values)
    const { reviews } = lake.layout.roots
    const prefix = values.prefix === undefined ? undefined : belowReviews(values.prefix, lake.layout.roots)
    if (prefix !== undefined && !prefix.startsWith(reviews)) {
      throw new UsageError(`--prefix must lie under ${reviews}, not ${prefix}`)
    }
    const { stories, unsearched, lost } = await explainReview({
      codecs: codecs(),
      ...lake,
      id,
      column,
      ...(prefix !== undefined && { prefix }),
    })
    if (values.json && stories.length > 0) {
      return print(factsJson({ places: stories.map(story => Object.fromEntries(story)), unsearched }))
    }
    for (const [i, story] of stories.entries()) {
      if (i > 0) print()
      for (const [name, text] of story) print(`${name.padEnd(10)} ${visibleLine(text)}`)
    }
    const named = listed(
      unsearched.map(({ key, reason }) => visibleLine(`${key} (${reason})`)),
      3,
    )
    const left = unsearched.length > 0 ? `${many(unsearched.length, 'file')} could not be searched: ${named}` : ''
    if (stories.length === 0) {
      const place = prefix ?? reviews
      throw new Refusal(
        `no row under ${place} has the ${column} ${id}${lost > 0 ? `, nor does any that is left of ${many(lost, 'joined file')} that are gone or changed` : ''}${left && `; ${left}`}`,
      )
    }
    if (left) print(`\n${left}`)
  },
)
