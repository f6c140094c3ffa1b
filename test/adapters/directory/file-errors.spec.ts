import assert from 'node:assert/strict'
import { translate, translateWrite } from '../../../functions/adapters/directory/file-errors.ts'
import { isRetryable } from '../../../functions/base/errors.ts'

const failed = (code: string, path?: string) => Object.assign(new Error(`${code}: as the system says`), { code, path })

describe('errors of the file system', () => {
  for (const [code, name, message] of [
    ['EACCES', 'AccessDenied', 'not allowed to use "a": EACCES at /lake/.tmp, check the directory\'s owner and mode'],
    ['EPERM', 'AccessDenied', 'not allowed to use "a": EPERM at /lake/.tmp, check the directory\'s owner and mode'],
    ['EROFS', 'AccessDenied', 'not allowed to use "a": the file system is read-only at /lake/.tmp'],
    ['ENOENT', 'ObjectMissing', 'no object "a"'],
    ['EIO', 'StoreUnavailable', 'the directory failed at "a": EIO'],
    ['ESTALE', 'StoreUnavailable', 'the directory failed at "a": ESTALE'],
    ['ENOSPC', 'StoreFull', 'the directory failed at "a": the disk is full: free some space, then run again (ENOSPC)'],
  ] as const) {
    it(`${code} means ${name} for the store`, () => {
      assert.throws(() => translate('a')(failed(code, '/lake/.tmp')), { name, message })
    })
  }

  for (const [name, codes] of Object.entries({
    StoreFull: ['ENOSPC', 'EDQUOT'],
    StoreLimit: ['EMFILE', 'ENFILE', 'EFBIG'],
    StoreUnsuitable: ['EXDEV', 'EINVAL', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'],
    AccessDenied: ['EROFS', 'EACCES', 'EPERM'],
    NameTaken: ['EISDIR', 'ENOTDIR', 'EEXIST', 'ENOTEMPTY', 'ELOOP'],
    InvalidKey: ['ENAMETOOLONG'],
  })) {
    for (const code of codes) {
      it(`${code} ends a write at once, as ${name}`, () => {
        assert.throws(
          () => translateWrite('a')(failed(code, '/lake/.tmp')),
          (error: Error) =>
            error.name === name && !isRetryable(error) && error.message.includes(code === 'EROFS' ? 'read-only' : code),
        )
      })
    }
  }

  it('let everything else through', () => {
    const error = new RangeError('no error of the file system')
    assert.throws(() => translate('a')(error), error)
  })
})
