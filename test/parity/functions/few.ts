/** The functions that can't be compared on thousands of different arguments, and why. */
export const FEW: ReadonlyMap<string, string> = new Map([
  ...of('they take no arguments', 'e pi current_timezone'),
  ...of('they tell the time of Plan', 'curdate current_date current_timestamp localtimestamp now'),
  ...of('it tells the file', 'input_file_name'),
  ...of('its argument is a constant', 'schema_of_json'),
  ...of('only the type of its argument counts', 'typeof'),
  ...of('it makes several columns: test/parity/queries/ has it', 'json_tuple'),
])

function of(reason: string, names: string): [string, string][] {
  return names.split(' ').map(name => [name, reason])
}
