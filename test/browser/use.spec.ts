import assert from 'node:assert/strict'
import { HOSTILE, HOSTILE_NAME } from './lived-directory.ts'
import { describePage, settled } from './open-browser.ts'

const PATHS = [
  '/',
  '/flow',
  '/batches',
  '/rows',
  '/rows?set=parked',
  '/rows?set=quarantined',
  '/trouble',
  '/why',
  '/query',
]

describePage('the console by keyboard', {}, open => {
  it('leads past the navigation, to each view, and back', async () => {
    const { page, go } = open()
    await go('/')
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to the content')
    await page.keyboard.press('Enter')
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'main')
    await page.getByRole('link', { name: 'Trouble', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Trouble', level: 1 }).waitFor()
    assert.equal(new URL(page.url()).pathname, '/trouble')
    await page.goBack()
    await page.getByRole('heading', { name: 'Now', level: 1 }).waitFor({ state: 'attached' })
  })

  it('moves through a table, and follows a cell', async () => {
    const { page, go } = open()
    await go('/batches')
    const focused = (pattern: RegExp) =>
      page.waitForFunction(source => new RegExp(source).test(document.activeElement?.textContent ?? ''), pattern.source)
    await page.locator('#commits [tabindex="0"]').focus()
    await focused(/^1$/)
    await page.keyboard.press('ArrowDown')
    await focused(/^2$/)
    await page.keyboard.press('ArrowUp')
    await page.keyboard.press('ArrowRight')
    await focused(/^7$/)
    await page.keyboard.press('ArrowRight')
    await focused(/^\d{8}T\d{6}Z-[0-9a-f]{8}$/)
    const text = await page.evaluate(() => document.activeElement?.textContent ?? '')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: `Batch ${text}` }).waitFor()
  })

  it('asks, shows a chart, and copies a command', async () => {
    const { page, go } = open()
    await go('/rows')
    await page.locator('#sql').focus()
    await page.keyboard.press('Control+Enter')
    await page.getByText(/^\d+ rows, /).waitFor()
    await page.getByRole('button', { name: 'bar' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('#ask-result svg').waitFor()
    assert.match(page.url(), /sql=SELECT/)
    await go('/trouble')
    await page.getByRole('button', { name: 'Copy the command' }).first().focus()
    await page.keyboard.press('Enter')
    await page.getByText('Copied').waitFor()
  })

  it('shows where the focus is', async () => {
    const { page, go } = open()
    await go('/flow')
    for (let i = 0; i < 12; i++) {
      await page.keyboard.press('Tab')
      const outline = await page.evaluate(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body)
        return `${outlineStyle} ${outlineWidth}`
      })
      assert.match(outline, /^(?!none)\w+ [1-9]/)
    }
  })
})

describePage('the console on a phone', { viewport: { width: 390, height: 844 }, hasTouch: true }, open => {
  it('has every view within its width', async () => {
    const { page, go } = open()
    for (const path of PATHS) {
      await go(path)
      const [wide, shown] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth])
      assert(Number(wide) <= Number(shown), `${path} is ${wide} pixels wide`)
    }
  })
})

describePage('the console on a lake with hostile names', { refusals: true }, open => {
  const pwned = () => open().page.evaluate(() => 'pwned' in window)

  it('shows them, and does nothing that they say', async () => {
    const { page, go, check } = open()
    for (const path of PATHS) {
      await go(path)
      assert.equal(await pwned(), false, path)
    }
    await go(`/rows?column=product_title&test=contains&value=${encodeURIComponent('<script>')}`)
    const shown = await page.locator('.table td').allTextContents()
    assert(shown.includes(HOSTILE.replace('\u001b', '\\u001b').replace('\u202e', '\\u202e')))
    const id = `R'"><img src=x onerror=pwned=1>`
    await go(`/why?id=${encodeURIComponent(id)}`)
    assert.equal(await page.locator('#id').inputValue(), id)
    assert((await page.locator('main').textContent())?.includes(`${HOSTILE_NAME}.parquet, row 0`))
    assert.equal(await pwned(), false)
    check()
  })

  it('shows hostile names of columns, and what is wrong with a statement, as texts', async () => {
    const { page, go } = open()
    const name = '<img src=x onerror=pwned=1>'
    const sql = `SELECT 'a' AS "${name}", 1 AS "${name}"`
    await go(`/rows?sql=${encodeURIComponent(sql)}`)
    await page.getByText(/^1 rows, /).waitFor()
    await page.locator('#ask-result td').first().waitFor()
    assert((await page.locator('#ask-result').textContent())?.includes(name))
    await page.getByRole('button', { name: 'bar' }).click()
    assert((await page.locator('#ask-result figcaption').textContent())?.includes(name))
    await page.locator('#sql').fill(`SELECT "${name}" FROM silver.reviews`)
    await page.getByRole('button', { name: 'Run' }).click()
    await page.locator('#ask-state.problem').waitFor()
    assert((await page.locator('#ask-state').textContent())?.includes(name))
    assert.equal(await pwned(), false)
  })

  it('says what is wrong on the page of a batch that is not there', async () => {
    const { page } = open()
    await page.goto(new URL('/batch/%3Cimg%20src=x%20onerror=pwned=1%3E', page.url()).href)
    await page.getByRole('alert').waitFor()
    assert.match((await page.getByRole('alert').textContent()) ?? '', /<img src=x onerror=pwned=1> is not a batch id/)
    assert.equal(await pwned(), false)
  })
})

describePage('the views of the console', {}, open => {
  it('can be reloaded, and gone back from', async () => {
    const { page, go } = open()
    await go('/flow?days=7')
    await page.getByRole('link', { name: '24 hours' }).click()
    await page.waitForURL(/days=1$/)
    await page.reload()
    await settled(page)
    assert.equal(await page.locator('[aria-current="true"]').textContent(), '24 hours')
    await page.goBack()
    await page.waitForFunction(() => document.querySelector('[aria-current="true"]')?.textContent === '7 days')
  })

  it('lead from a number to what is behind it', async () => {
    const { page, go } = open()
    await go('/flow')
    await page.getByRole('link', { name: /written to silver/ }).click()
    await page.getByRole('heading', { name: 'Rows', level: 1 }).waitFor()
    await go('/')
    await page
      .getByRole('link', { name: /wait for their customer/ })
      .last()
      .click()
    await page.waitForURL(/set=parked/)
  })

  it('export the rows of a statement', async () => {
    const { page, go } = open()
    await go('/rows')
    for (const [name, begins] of [
      ['Export CSV', 'star_rating,reviews\n'],
      ['Export Parquet', 'PAR1'],
    ] as const) {
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name }).click()])
      const pieces: Buffer[] = []
      for await (const piece of await download.createReadStream()) pieces.push(piece)
      assert(Buffer.concat(pieces).toString('latin1').startsWith(begins), name)
    }
  })
})
