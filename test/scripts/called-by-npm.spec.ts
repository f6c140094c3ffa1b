import assert from 'node:assert/strict'
import { npmCall } from '../../scripts/called-by-npm.ts'

const npm = {
  npm_lifecycle_event: 'start',
  npm_lifecycle_script: 'node scripts/local.ts',
  INIT_CWD: '/home/me/data',
}

describe('npmCall()', () => {
  it('knows how npm was called, and from where', () => {
    const call = npmCall(npm, '/project/scripts/local.ts')
    assert.equal(call?.words, 'npm start')
    assert.equal(call?.directory, '/home/me/data')
    const query = { ...npm, npm_lifecycle_event: 'query', npm_lifecycle_script: 'node scripts/query.ts' }
    assert.equal(npmCall(query, '/project/scripts/query.ts')?.words, 'npm run query')
  })

  it('believes nothing of it when npm has started another program, which started this one', () => {
    assert.equal(npmCall(npm, '/project/scripts/query.ts'), undefined)
    assert.equal(npmCall({ ...npm, npm_lifecycle_script: 'mocha' }, '/project/scripts/local.ts'), undefined)
    assert.equal(npmCall({}, '/project/scripts/local.ts'), undefined)
  })

  it('finds the options that npm has taken for its own', () => {
    const call = npmCall(
      { ...npm, npm_config_lake: 'mine', npm_config_dry_run: 'true', npm_config_prefix: '/usr' },
      '/project/scripts/local.ts',
    )
    assert.equal(call?.taken('lake'), 'mine')
    assert.equal(call?.taken('dry-run'), 'true')
    assert.equal(call?.taken('sql'), undefined)
    assert.equal(call?.taken('prefix'), undefined, 'npm sets it whether it was given or not')
  })
})
