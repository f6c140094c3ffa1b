/** Makes a value at the first call and keeps it: a warm worker has its clients and caches ready. */
export function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}
