import { resolve } from 'node:path'

/** A path as the caller means it: npm runs its scripts in the project's directory, and INIT_CWD is where the caller stood. */
export function userPath(path: string): string {
  const { npm_lifecycle_script: script, INIT_CWD: directory } = process.env
  return resolve(script?.includes('silversmith') && directory ? directory : '.', path)
}
