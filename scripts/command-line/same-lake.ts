/** The option that names the same lake in another command, with a space before it: ` --lake DIR`. */
export function sameLake({
  lake,
  stage,
}: {
  readonly lake?: string | undefined
  readonly stage?: string | undefined
}): string {
  if (stage !== undefined) return ` --stage ${shellWord(stage)}`
  return lake === undefined ? '' : ` --lake ${shellWord(lake)}`
}

/** A word as a shell takes it. */
export function shellWord(text: string): string {
  return /^[\w./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}
