import {
  type Command,
  type CommandDefinition,
  defineCommand,
  type ListedCommand,
  wordOf,
} from '../command-line/command.ts'
import { print } from '../terminal/print.ts'

const SHELLS = ['bash', 'zsh', 'fish'] as const

type Commands = Readonly<Record<string, ListedCommand>>

/** The command that prints how a shell completes the commands given, itself among them. */
export function completionOf(commands: Commands): Command {
  return defineCommand(
    {
      purpose:
        'Prints shell completions for commands and options. Load them with source <(npx silversmith completion bash) in bash ' +
        '(zsh likewise), or npx silversmith completion fish | source in fish.',
      operand: { form: 'bash|zsh|fish', noun: 'shell' },
      options: {},
    },
    async (_, shell) => {
      const script = SCRIPTS[wordOf('the shell', shell, SHELLS)]
      print(script(await allWords(commands), commands))
    },
  )
}

/** The options of each command. */
type Words = ReadonlyMap<string, readonly string[]>

async function allWords(commands: Commands): Promise<Words> {
  const words = new Map<string, readonly string[]>()
  for (const [name, { load }] of Object.entries(commands)) {
    const { definition }: { readonly definition: CommandDefinition } = (await load()).default
    words.set(name, [...Object.keys(definition.options), 'help'])
  }
  return words
}

const SCRIPTS: Readonly<Record<(typeof SHELLS)[number], (words: Words, commands: Commands) => string>> = {
  bash,
  zsh: words => `autoload -U +X bashcompinit && bashcompinit\n${bash(words)}`,
  fish: (words, commands) =>
    [...words]
      .flatMap(([name, options]) => [
        `complete -c silversmith -f -n __fish_use_subcommand -a ${name} -d '${commands[name]?.summary.replaceAll("'", '’')}'`,
        ...options.map(option => `complete -c silversmith -n '__fish_seen_subcommand_from ${name}' -l ${option}`),
      ])
      .join('\n'),
}

function bash(words: Words): string {
  const cases = [...words].map(
    ([name, options]) => `    ${name}) words="${options.map(each => `--${each}`).join(' ')}" ;;`,
  )
  return `_silversmith() {
  local words="${[...words.keys(), 'help'].join(' ')}" word first=1
  [ "\${COMP_WORDS[0]##*/}" = npx ] && first=2
  [ "$COMP_CWORD" -gt "$first" ] && case "\${COMP_WORDS[first]}" in
${cases.join('\n')}
    *) words="" ;;
  esac
  COMPREPLY=()
  while IFS= read -r word; do COMPREPLY+=("$word"); done < <(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}")
}
complete -o default -F _silversmith silversmith`
}
