import { inRange } from '../../base/at.ts'
import type { AggregateName } from '../../sql/static-plan.ts'
import { type Accumulator, computed } from './accumulator.ts'
import { type Vector, valuesByRow } from './vector.ts'

type Moment = Extract<AggregateName, `stddev_${string}` | `var_${string}` | 'skewness' | 'kurtosis'>

/** The moments as Spark updates them (CentralMomentAgg): the last digits depend on the order of the rows. */
export function moments(value: Vector, name: Moment, groups: number): Accumulator {
  const column = () => new Float64Array(groups)
  const [counts, means, second, third, fourth] = [column(), column(), column(), column(), column()]
  const cellOf = valuesByRow(value)
  return {
    add(group, row) {
      const number = cellOf(row)
      if (typeof number !== 'number') return
      const count = inRange(counts[group]) + 1
      const delta = number - inRange(means[group])
      const share = delta / count
      const squared = inRange(second[group]) + delta * (delta - share)
      const cubed = inRange(third[group]) - 3 * share * squared + delta * (delta * delta - share * share)
      counts[group] = count
      means[group] = inRange(means[group]) + share
      second[group] = squared
      third[group] = cubed
      fourth[group] =
        inRange(fourth[group]) -
        4 * share * cubed -
        6 * share * share * squared +
        delta * (delta * delta * delta - share * share * share)
    },
    clear(group) {
      for (const column of [counts, means, second, third, fourth]) column[group] = 0
    },
    ...computed('double', group => {
      const count = inRange(counts[group])
      const squared = inRange(second[group])
      if (count === 0) return null
      if (name === 'skewness' || name === 'kurtosis') {
        if (squared === 0) return null
        return name === 'skewness'
          ? (Math.sqrt(count) * inRange(third[group])) / Math.sqrt(squared * squared * squared)
          : (count * inRange(fourth[group])) / (squared * squared) - 3
      }
      const of = name.endsWith('_samp') ? count - 1 : count
      if (of === 0) return null
      return name.startsWith('stddev') ? Math.sqrt(squared / of) : squared / of
    }),
  }
}

type Covariance = Extract<AggregateName, 'corr' | `covar_${string}` | `regr_${string}`>

/** What is computed from pairs without NULL, as Spark updates it (Covariance, PearsonCorrelation). */
export function covariances(first: Vector, other: Vector, name: Covariance, groups: number): Accumulator {
  const column = () => new Float64Array(groups)
  const [counts, xMeans, yMeans] = [column(), column(), column()]
  const [products, xSquares, ySquares] = [column(), column(), column()]
  const xOf = valuesByRow(first)
  const yOf = valuesByRow(other)
  return {
    add(group, row) {
      const x = xOf(row)
      const y = yOf(row)
      if (typeof x !== 'number' || typeof y !== 'number') return
      const count = inRange(counts[group]) + 1
      const dx = x - inRange(xMeans[group])
      const dy = y - inRange(yMeans[group])
      const xMean = inRange(xMeans[group]) + dx / count
      const yMean = inRange(yMeans[group]) + dy / count
      counts[group] = count
      xMeans[group] = xMean
      yMeans[group] = yMean
      products[group] = inRange(products[group]) + dx * (y - yMean)
      xSquares[group] = inRange(xSquares[group]) + dx * (x - xMean)
      ySquares[group] = inRange(ySquares[group]) + dy * (y - yMean)
    },
    clear(group) {
      for (const column of [counts, xMeans, yMeans, products, xSquares, ySquares]) column[group] = 0
    },
    ...computed('double', group => {
      const count = inRange(counts[group])
      if (count === 0) return null
      return ofPairs(name, {
        count,
        xMean: inRange(xMeans[group]),
        yMean: inRange(yMeans[group]),
        product: inRange(products[group]),
        xSquare: inRange(xSquares[group]),
        ySquare: inRange(ySquares[group]),
      })
    }),
  }
}

interface Pairs {
  readonly count: number
  readonly xMean: number
  readonly yMean: number
  readonly product: number
  readonly xSquare: number
  readonly ySquare: number
}

/** In REGR_…, the first argument is the dependent one. */
function ofPairs(name: Covariance, { count, xMean, yMean, product, xSquare, ySquare }: Pairs): number | null {
  const divisor = Math.sqrt(xSquare * ySquare)
  switch (name) {
    case 'covar_pop':
      return product / count
    case 'covar_samp':
      return count === 1 ? null : product / (count - 1)
    case 'corr':
      return count === 1 || divisor === 0 ? null : product / divisor
    case 'regr_r2':
      if (xSquare === 0) return null
      return ySquare === 0 ? 1 : (product / divisor) ** 2
    case 'regr_slope':
      return ySquare === 0 ? null : product / ySquare
    case 'regr_intercept':
      return ySquare === 0 ? null : xMean - (product / ySquare) * yMean
    case 'regr_sxx':
      return ySquare
    case 'regr_syy':
      return xSquare
    case 'regr_sxy':
      return product
  }
}
