import process from 'node:process'
import { READ_LIMITS, type ReadLimits } from '../parquet/metadata/read-limits.ts'

/** A setting of the deployment. Throws a plain Error when it is missing: the deployment is wrong, not the run. */
export function setting(name: string, fallback?: string): string {
  const value = process.env[name] ?? fallback
  if (value === undefined) throw new Error(`the environment variable ${name} is not set`)
  return value
}

/** A setting that is a whole number, at least 1. */
export function numberSetting(name: string, fallback: number): number {
  const value = Number(setting(name, String(fallback)))
  if (!Number.isSafeInteger(value) || value < 1)
    throw new Error(`the environment variable ${name} must be a whole number from 1`)
  return value
}

/** The limits of what is read of a file. */
export function readLimits(): ReadLimits {
  return {
    maxPageBytes: numberSetting('MAX_PAGE_BYTES', READ_LIMITS.maxPageBytes),
    maxFileRows: numberSetting('MAX_FILE_ROWS', READ_LIMITS.maxFileRows),
  }
}
