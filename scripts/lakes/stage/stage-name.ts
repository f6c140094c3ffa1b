/** What is wrong with a stage's name; undefined if nothing is. It becomes part of names in S3, Glue and IAM. */
export function stageNameFault(stage: string): string | undefined {
  if (/^[a-z0-9]{1,20}$/.test(stage)) return undefined
  return `a stage's name is 1 to 20 lower-case letters and digits, such as dev or prod2, not ${JSON.stringify(stage)}`
}
