import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'
import { findChromium } from '../../../scripts/bench/find-chromium.ts'
import { startConsole } from '../../../scripts/console/server.ts'
import { openAnyLake } from '../../../scripts/lakes/open-lake.ts'
import { succeeded } from '../pipeline.ts'
import type { Scenario } from '../scenario.ts'

const ROWS = 30

/** What people see of a stage in their browser. */
export const consoles: readonly Scenario[] = [
  {
    name: 'the console of the stage shows a running execution from its start to its end, with links to the AWS console',
    run: async ({ pipeline, emulator }) => {
      const executablePath = findChromium()
      if (executablePath === undefined) return 'skipped: there is no browser (test/browser/install-chromium.sh)'
      const served = await startConsole(await openAnyLake({ stage: 'dev' }), { where: '--stage dev', port: 0 })
      const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] })
      try {
        const page = await browser.newPage()
        const wrong: string[] = []
        page.on('console', message => message.type() === 'error' && wrong.push(message.text()))
        page.on('request', request => new URL(request.url()).hostname !== '127.0.0.1' && wrong.push(request.url()))
        await page.goto(served.url)
        await page.getByText('The last run').first().waitFor()
        await pipeline.addReviews('in-the-console', ROWS)
        await emulator.inject({ service: 's3', match: 'PUT /*/_silversmith/log/*', do: 'delay', seconds: 15 })
        const arn = await pipeline.start()
        await page.getByText('A run is working').waitFor()
        const name = arn.slice(arn.lastIndexOf(':') + 1)
        const link = page.locator(`a[href*="console.aws.amazon.com"][href*="${name}"]`).first()
        assert.match((await link.getAttribute('href')) ?? '', /states\/home/)
        succeeded(await pipeline.end(arn))
        await emulator.heal()
        await page.getByText('The last run', { exact: true }).waitFor()
        await page.getByRole('link', { name: 'Batches' }).click()
        await page.getByRole('heading', { name: 'Batches', level: 1 }).waitFor()
        assert.deepEqual(wrong, [])
        return 'in Chromium'
      } finally {
        await browser.close()
        await served.close()
      }
    },
  },
]
