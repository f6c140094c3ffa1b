import * as runner from 'node:test'

/*
 * Lets Deno run the same test files as mocha: `deno test --preload test/support/deno.ts`. Deno has no time limit for a
 * test, so what mocha is told about it means nothing here.
 */
type Body = (this: object) => unknown

const mocha: Record<string, () => object> = { timeout: () => mocha, slow: () => mocha, retries: () => mocha }

function define(name: string, body: Body): object {
  runner.it(name, () => body.call(mocha) as Promise<void>) // a test gives a promise or nothing
  return mocha
}

Object.assign(globalThis, {
  describe: (name: string, body: Body) => runner.describe(name, () => void body.call(mocha)),
  it: define,
  before: (body: Body) => runner.before(() => body.call(mocha) as Promise<void>),
  after: (body: Body) => runner.after(() => body.call(mocha) as Promise<void>),
  beforeEach: (body: Body) => runner.beforeEach(() => body.call(mocha) as Promise<void>),
  afterEach: (body: Body) => runner.afterEach(() => body.call(mocha) as Promise<void>),
})
