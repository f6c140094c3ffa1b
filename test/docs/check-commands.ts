import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { COMMANDS } from '../../scripts/commands.ts'

const SETTINGS = readFileSync('serverless.yml', 'utf8')

/** Fails where a command that a text has, an option of it or a setting of serverless.yml is not there. */
export async function checkCommands(text: string): Promise<void> {
  for (const [, setting] of text.matchAll(/--param="(\w+)=/g))
    assert.match(SETTINGS, new RegExp(`^    ${setting}: `, 'm'))
  const bare = text
    .replaceAll(/<<'SQL'\n[\s\S]*?^SQL$/gm, '')
    .replaceAll(/\\\n/g, '')
    .replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, 'TEXT')
  for (const [, name = '', rest = ''] of bare.matchAll(/\bnpx silversmith ([a-z][\w-]*)(.*)$/gm)) {
    if (name === 'help') continue
    const { definition } = (await COMMANDS[name]?.load())?.default ?? assert.fail(`there is no command ${name}`)
    const options = [...rest.replace(/#.*/, '').matchAll(/[ [(|]--([a-z][\w-]*)/g)].map(([, option = '']) => option)
    for (const option of options) {
      assert(option === 'help' || Object.hasOwn(definition.options, option), `${name} has no --${option}: ${text}`)
    }
  }
}
