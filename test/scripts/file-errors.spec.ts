import assert from 'node:assert/strict'
import { translate } from '../../scripts/file-errors.ts'

const failed = (code: string, path?: string) => Object.assign(new Error(`${code}: as the system says`), { code, path })

describe('errors of the file system', () => {
  for (const [code, name, message] of [
    ['EACCES', 'AccessDenied', 'not allowed to use "a": EACCES at /lake/.tmp, check the directory\'s owner and mode'],
    ['EPERM', 'AccessDenied', 'not allowed to use "a": EPERM at /lake/.tmp, check the directory\'s owner and mode'],
    ['EROFS', 'AccessDenied', 'not allowed to use "a": the file system is read-only at /lake/.tmp'],
    ['ENOENT', 'ObjectMissing', 'no object "a"'],
    ['ENOSPC', 'StoreUnavailable', 'the directory failed at "a": ENOSPC'],
  ] as const) {
    it(`${code} means ${name} for the store`, () => {
      assert.throws(() => translate('a')(failed(code, '/lake/.tmp')), { name, message })
    })
  }

  it('let everything else through', () => {
    const error = new RangeError('no error of the file system')
    assert.throws(() => translate('a')(error), error)
  })
})
