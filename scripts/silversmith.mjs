#!/usr/bin/env node
// Starts silversmith.ts on the Node that `npm ci` installed, whatever the system's is.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import module from 'node:module'
import { fileURLToPath } from 'node:url'

const NEEDED = 24
if (Number.parseInt(process.versions.node, 10) >= NEEDED) {
  module.enableCompileCache() // halves the time before a command does anything
  await import('./silversmith.ts')
} else {
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`]
  const bin = process.platform === 'win32' ? 'node.exe' : 'node'
  const found = names
    .map(name => fileURLToPath(new URL(`../node_modules/${name.replace('win32', 'win')}/bin/${bin}`, import.meta.url)))
    .find(path => existsSync(path))
  if (found === undefined) {
    process.stderr.write(
      `Node ${NEEDED} or newer is needed, this is ${process.version}: run npm ci, which installs it\n`,
    )
    process.exit(1)
  }
  const script = fileURLToPath(import.meta.url)
  const child = spawn(found, [script, ...process.argv.slice(2)], { stdio: 'inherit' })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
  child.on('exit', (code, signal) => {
    process.exitCode = code ?? (signal === 'SIGINT' ? 130 : 1)
  })
}
