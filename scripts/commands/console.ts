import { spawn } from 'node:child_process'
import { UsageError } from '../../functions/base/refusal.ts'
import { defineCommand } from '../command-line/command.ts'
import { sameLake } from '../command-line/same-lake.ts'
import { startConsole } from '../console/server.ts'
import { ANY_LAKE_OPTIONS, openAnyLake } from '../lakes/open-lake.ts'
import { print } from '../terminal/print.ts'

export default defineCommand(
  {
    purpose:
      'Serves a console of the lake in the browser: what runs, where rows went, batches, rows, what is wrong, and why. It ' +
      'only reads, listens only on 127.0.0.1, and answers only those who have the address that it prints. Ctrl-C ends it.',
    options: {
      ...ANY_LAKE_OPTIONS,
      port: { type: 'string', default: '4870', value: 'N', help: 'the port to listen on; 0 for any that is free' },
      'no-open': { type: 'boolean', default: false, help: 'do not open the browser' },
    },
  },
  async values => {
    const port = Number(values.port)
    if (!Number.isInteger(port) || port < 0 || port > 65_535 || values.port.trim() === '') {
      throw new UsageError(`--port must be a number from 0 to 65535, not ${values.port}`)
    }
    const lake = await openAnyLake(values)
    const running = await startConsole(lake, { where: sameLake(values), port })
    print(`${running.url}\n\nthe console of ${lake.name}; Ctrl-C ends it`)
    if (!values['no-open'] && process.stdout.isTTY) openBrowser(running.url)
    await new Promise<void>(done => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => done())
    })
    await running.close()
  },
)

/** Opens an address in the browser, where the system knows how. */
function openBrowser(url: string): void {
  const command = { darwin: 'open', win32: 'explorer' }[process.platform as string] ?? 'xdg-open'
  const child = spawn(command, [url], { stdio: 'ignore', detached: true })
  child.on('error', () => undefined) // the address is printed
  child.unref()
}
