import type { ObjectWriter } from './store.ts'

/** A writer that does as another does, but for some of its calls. It copies from another store only where `own` does. */
export function writerThrough(writer: ObjectWriter, own: Partial<Omit<ObjectWriter, 'position'>>): ObjectWriter {
  return {
    get position() {
      return writer.position
    },
    write: bytes => writer.write(bytes),
    copy: (source, range) => writer.copy(source, range),
    close: () => writer.close(),
    abort: () => writer.abort(),
    ...own,
  }
}
