/**
 * Acts, and returns the reasons of the promises that failed meanwhile while nobody waited for them: each would end a process.
 * Mocha lets them pass.
 */
export async function unhandledIn(act: () => Promise<unknown>): Promise<unknown[]> {
  const reasons: unknown[] = []
  const note = (reason: unknown) => reasons.push(reason)
  process.on('unhandledRejection', note)
  try {
    await act()
  } finally {
    process.off('unhandledRejection', note)
  }
  return reasons
}
