import { html } from './html.ts'

/**
 * How drawings, and the pages around them, look: light or dark as the system wants it. It is a text, because a report must hold
 * all that it needs, wherever it is made.
 */
export const STYLE = html`
:root { color-scheme: light dark; --bg: light-dark(#f6f7f9, #0f1419); --surface: light-dark(#ffffff, #171e26); --raised: light-dark(#f0f2f5, #1f2832); --text: light-dark(#17202b, #e4eaf1); --muted: light-dark(#566373, #9ba9b8); --line: light-dark(#dfe3e9, #2b3643); --accent: light-dark(#1f5f99, #7db8ee); --on-accent: light-dark(#ffffff, #0d1620); --good: light-dark(#12694d, #4fc79b); --waiting: light-dark(#9a5f00, #e8b04f); --bad: light-dark(#bb2d3b, #ff8088); --lost: light-dark(#6b7785, #8896a5); --source: light-dark(#35699c, #76a9dc); --good-soft: light-dark(#dcf1e9, #17382e); --waiting-soft: light-dark(#fbeed3, #3d2f14); --bad-soft: light-dark(#fbe2e4, #431f24); --source-soft: light-dark(#e0ebf6, #1b3147); --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Liberation Mono", Menlo, monospace; font: 15px / 1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "DejaVu Sans", sans-serif }
* { box-sizing: border-box }
body { margin: 0; background: var(--bg); color: var(--text); font-variant-numeric: tabular-nums }
a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: 3px }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px }
code, pre, textarea { font-family: var(--mono); font-size: 0.9em }
code { overflow-wrap: anywhere }
h1 { font-size: 1.45rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.01em; margin: 0 0 1rem }
h1 code { font-size: 0.85em; font-weight: 500 }
h2 { font-size: 0.98rem; font-weight: 620; margin: 0 }
.muted, .note { color: var(--muted); font-size: 0.87rem }
main { max-width: 1220px; margin: 0 auto; padding: 1.5rem 1.25rem 4rem }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 1rem 1.15rem 1.1rem; margin: 0 0 1rem }
.panel > h2 { margin-bottom: 0.7rem }
.head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.3rem 1rem; margin-bottom: 0.8rem }
.wide, .scroll { overflow-x: auto }
.wide > svg { min-width: 720px }
.lead { color: var(--muted); margin: 0 0 1rem }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 0.9rem 1.4rem; margin: 0 0 1.2rem }
.figures dt { color: var(--muted); font-size: 0.85rem }
.figures dd { margin: 0; font-size: 1.15rem; font-weight: 600 }
.figures dd.note { font-size: 0.85rem; font-weight: 400 }
.facts-list { margin: 0; display: grid; gap: 0.35rem }
.facts-list > div { display: grid; grid-template-columns: 6.5rem 1fr; gap: 0.6rem }
.facts-list dt { color: var(--muted) }
.facts-list dd { margin: 0; overflow-wrap: anywhere }
.tag { display: inline-block; font-size: 0.78rem; font-weight: 600; border-radius: 5px; padding: 0.05rem 0.45rem; background: var(--raised); color: var(--muted); white-space: nowrap }
.tag.bad { background: var(--bad-soft); color: var(--bad) }
.tag.warn { background: var(--waiting-soft); color: var(--waiting) }
.keys { display: inline-flex; flex-wrap: wrap; gap: 0.2rem 0.9rem; font-size: 0.82rem; color: var(--muted); font-weight: 400 }
.key::before { content: ""; display: inline-block; width: 0.62rem; height: 0.62rem; border-radius: 2px; margin-right: 0.35rem; background: var(--lost) }
.key.good::before, .key.write::before, .key.rest::before, .key.copied::before { background: var(--good) }
.key.join::before { background: var(--waiting) }
.key.source::before, .key.read::before, .key.open::before, .key.running::before { background: var(--source) }
.key.wait::before { background: var(--line) }
.key.commit::before { background: var(--muted) }
.names { list-style: none; margin: 0.4rem 0 0; padding: 0; display: grid; gap: 0.35rem; font-size: 0.9rem }
.names span { display: block; color: var(--muted) }
pre.sql { overflow: auto; background: var(--raised); border-radius: 8px; padding: 0.8rem 1rem; margin: 0.4rem 0 0; line-height: 1.5 }
table { border-collapse: collapse; width: 100% }
main table th, main table td { text-align: left; padding: 0.3rem 0.7rem 0.3rem 0; border-bottom: 1px solid var(--line); font-weight: 400; vertical-align: top }
main table thead th { color: var(--muted); font-size: 0.85rem }
th.number, td.number { text-align: right }
svg text { fill: var(--muted); font-size: 12px }
.wide > svg, .chart { width: 100%; height: auto; display: block }
.good > rect, rect.good { fill: var(--good) }
rect.waiting, rect.left-out { fill: var(--waiting) }
rect.lost, rect.replaced, rect.abandoned { fill: var(--lost) }
rect.bad, rect.failed { fill: var(--bad) }
rect.source, rect.running { fill: var(--source) }
rect.hit { fill: transparent }
.sankey .band { fill: none; stroke-opacity: 0.28 }
.sankey .band:hover { stroke-opacity: 0.45 }
.band.source { stroke: var(--source) }
.band.good { stroke: var(--good) }
.band.waiting { stroke: var(--waiting) }
.band.lost { stroke: var(--lost) }
.band.bad { stroke: var(--bad) }
.sankey .number { fill: var(--text); font-size: 17px; font-weight: 640 }
.sankey a:hover .label { text-decoration: underline }
.grid { stroke: var(--line); stroke-width: 1 }
.phase.wait { fill: var(--line) }
.phase.read, .phase.open { fill: var(--source) }
.phase.join { fill: var(--waiting) }
.phase.write, .phase.rest { fill: var(--good) }
.phase.commit { fill: var(--muted) }
`
