import { basename, resolve } from 'node:path'

/** How npm has started this very program: as `npm start` or by `npm run`. */
export interface NpmCall {
  /** As people write it: `npm start`, `npm run query`. */
  readonly words: string
  /** Where the caller stood: npm itself goes to the project. */
  readonly directory: string
  /** What npm took for an option of its own, because no `--` stood before it; undefined where it took nothing. */
  taken(option: string): string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** What npm's environment says of the program at `path`; undefined where npm has started something else, or nothing. */
export function npmCall(env: Environment, path: string): NpmCall | undefined {
  const { npm_lifecycle_event: event, npm_lifecycle_script: script, INIT_CWD: directory } = env
  if (!event || !directory || !script?.split(/[\s\\/"']+/).includes(basename(path))) return undefined
  return {
    words: event === 'start' ? 'npm start' : `npm run ${event}`,
    directory,
    taken: option => {
      if (NPMS_OWN.has(option)) return undefined
      // npm takes a beginning of one of its options for the whole of it, as --to for --token-description
      const name = `npm_config_${option.replaceAll('-', '_')}`
      const found = Object.keys(env).find(key => key.startsWith(name) && env[key])
      return found === undefined ? undefined : env[found]
    },
  }
}

/** npm sets this one whether it was given or not; given, npm looks for the project there. */
const NPMS_OWN: ReadonlySet<string> = new Set(['prefix'])

/** A path as the caller means it: from where the caller stands. */
export function userPath(path: string): string {
  return resolve(npmCall(process.env, process.argv[1] ?? '')?.directory ?? '.', path)
}
