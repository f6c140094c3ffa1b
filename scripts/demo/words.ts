/** Words of product reviews, the frequent ones first. */
export const WORDS =
  `the a and i it to is game this of for you in my that but on with was great so not have good play as
fun are be very like all just they love if can one get more out up really no your when time there from has playing will
at what only an much best or because some played even would do games first new well download easy work story bought too
about had graphics better than how works money after them back which make me buy price got after still other computer
recommend worth go through most way don't lot after if's never old something into am been could any by think over every
puzzle level levels hard want also why who their keep again code fast need people after bit enough awesome hours free
long problem nice find system puzzles control controls while after start many two little few since years off challenging
thing things different enjoy enjoyed series version online friends kids car world map mission weapons sound music voice
characters character ending slow boring addictive crash crashes patch update install installed steam console keyboard
mouse controller screen window windows mac laptop support refund waste disappointed excellent amazing perfect fantastic
café naïve über 😀 👍 ★ — 日本語 sequel expansion pack quest dragon castle empire farm racing football strategy tower
defense zombie hidden object mystery detective murder island pirate treasure space ship alien robot city builder train
simulator flight combat stealth horror survival craft mine block dungeon hero magic spell sword shield arena battle royal`
    .split(/\s+/)
    .filter(word => word !== '') as [string, ...string[]] // the text is not empty

export const FIRST_NAMES: [string, ...string[]] = [
  ...(['Anna', 'Donald', 'Maria', 'José', 'Chloë', 'Wei', 'Olga', 'James', 'Linda', 'Zoë', 'Björn', 'Aisha'] as const),
  ...([
    'Kenji',
    'Priya',
    'Thomas',
    'Grace',
    'Hugo',
    'Nadia',
    'Peter',
    'Ruth',
    'Samuel',
    'Ines',
    'Mark',
    'Ivy',
  ] as const),
]

export const LAST_NAMES: [string, ...string[]] = [
  ...(['Walker', 'Hall', 'Booth', "O'Brien", 'García', 'Müller', 'Tanaka', 'Okafor', 'Smith', 'Nguyen'] as const),
  ...(['Kowalski', 'Rossi', 'Dubois', 'Silva', 'Johnson', 'Lee', 'Patel', 'Haddad', 'Novák', 'Larsen'] as const),
]

export const PLACES: [string, ...string[]] = ['Lake', 'New', 'Port', 'East', 'West', 'North', 'South', 'Fort']

export const STATES: [string, ...string[]] = [
  ...(['CA', 'TX', 'NY', 'FL', 'IL', 'PA', 'OH', 'GA', 'NC', 'MI', 'NJ', 'VA', 'WA', 'AZ', 'MA'] as const),
  ...(['TN', 'IN', 'MO', 'MD', 'WI', 'CO', 'MN', 'SC', 'AL', 'LA', 'KY', 'OR', 'OK', 'CT', 'UT'] as const),
]
