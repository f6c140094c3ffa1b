import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** The browser's program; undefined where there is none. */
export function findChromium(): string | undefined {
  const { CHROMIUM = '', PATH = '' } = process.env
  const names = ['chromium', 'chromium-browser', 'google-chrome']
  const paths = names.flatMap(name => PATH.split(delimiter).map(folder => join(folder, name)))
  return [CHROMIUM, ...paths].find(path => path !== '' && existsSync(path))
}
