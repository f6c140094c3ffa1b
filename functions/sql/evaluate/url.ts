const PARTS = ['PROTOCOL', 'AUTHORITY', 'USERINFO', 'HOST', 'PATH', 'QUERY', 'REF'] as const
type Uri = Readonly<Record<(typeof PARTS)[number], string | null>>

// The characters of RFC 2396 and all others beyond ASCII but control characters and spaces, as java.net.URI takes them.
const OTHER =
  '\\u00a1-\\u1679\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}'
const legal = (more: string) => new RegExp(`^(?:[A-Za-z0-9_\\-!.~'()*${more}${OTHER}]|%[0-9a-fA-F]{2})*$`, 'u')
const PATH = legal('/;:@&=+$,')
const ANY = legal(';/?:@&=+$,\\[\\]')
const REGISTRY = legal('$,;:@&=+')
const USERINFO = legal(';:&=+$,')

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?'
// The last of several labels begins with a letter.
const NAME = new RegExp(`^(?:${LABEL}|(?:${LABEL}\\.)+[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?)\\.?$`)
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|[01]?\d?\d)(?:\.(?!$)|$)){4}$/
const IPV6 = /^\[([0-9A-Fa-f:.]+)(?:%[\w.]+)?\]$/

/** A part of a URL as PARSE_URL names it; null if there is none or the text is not a URI (RFC 2396, java.net.URI). */
export function parseUrl(url: string, part: string, key?: string): string | null {
  if (key !== undefined && part !== 'QUERY') return null
  const uri = parse(url)
  if (!uri) return null
  if (part === 'FILE') return uri.PATH === null ? null : uri.PATH + (uri.QUERY === null ? '' : `?${uri.QUERY}`)
  const known = PARTS.find(name => name === part)
  const found = known ? uri[known] : null
  if (key === undefined || found === null) return found
  const parameter = found.split('&').find(pair => pair.startsWith(`${key}=`))
  return parameter === undefined ? null : parameter.slice(key.length + 1)
}

function parse(text: string): Uri | null {
  const [, scheme, rest = '', fragment] = /^(?:([^:/?#]*):)?([^#]*)(?:#(.*))?$/s.exec(text) ?? []
  if (scheme !== undefined && !/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme)) return null
  if (fragment !== undefined && !ANY.test(fragment)) return null
  const none = { AUTHORITY: null, USERINFO: null, HOST: null, PATH: null, QUERY: null }
  const ends = { PROTOCOL: scheme ?? null, REF: fragment ?? null }
  if (scheme !== undefined && !rest.startsWith('/')) return rest !== '' && ANY.test(rest) ? { ...none, ...ends } : null
  const [, authority, path = '', query] = /^(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s.exec(rest) ?? []
  if (!PATH.test(path) || (query !== undefined && !ANY.test(query))) return null
  if (authority === '' && path === '' && query === undefined && fragment === undefined) return null
  const parts = { ...none, ...ends, PATH: path, QUERY: query ?? null }
  return authority ? withAuthority(parts, authority) : parts
}

/** What is not a user, host and port is the name of a registry, and has none of them. */
function withAuthority(uri: Uri, authority: string): Uri | null {
  const [, user, host = '', port] = /^(?:([^@]*)@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/.exec(authority) ?? []
  const isServer = NAME.test(host) || IPV4.test(host) || isIpv6(host)
  if (isServer && (user === undefined || USERINFO.test(user)) && Number(port ?? 0) < 2 ** 31)
    return { ...uri, AUTHORITY: authority, USERINFO: user ?? null, HOST: host }
  return REGISTRY.test(authority) ? { ...uri, AUTHORITY: authority } : null
}

/** An address of RFC 2373: 16 bytes, or fewer around a `::`. It may end with an IPv4 address. */
function isIpv6(host: string): boolean {
  const [, address] = IPV6.exec(host) ?? []
  if (address === undefined) return false
  const [left = '', right, ...more] = address.split('::')
  if (right === undefined) return byteCount(left, true) === 16
  return more.length === 0 && byteCount(left, false) + byteCount(right, true) < 16
}

/** The bytes of `1:2` or `1:2:3.4.5.6`; infinite if a part is wrong. */
function byteCount(text: string, isEnd: boolean): number {
  if (text === '') return 0
  const parts = text.split(':')
  return parts.reduce((sum, part, i) => {
    if (/^[0-9A-Fa-f]{1,4}$/.test(part)) return sum + 2
    return isEnd && i === parts.length - 1 && IPV4.test(part) ? sum + 4 : Number.POSITIVE_INFINITY
  }, 0)
}
