/** The one style sheet of a report: follows the reader's light or dark preference, one column on a phone. */
export const STYLE = `
:root { color-scheme: light dark;
  --bg: #f7f7f5; --card: #ffffff; --fg: #1c1e21; --muted: #5d646d; --line: #dcdfe3; --grid: #eceef0; --accent: #1f6feb;
  --c0: #2563b8; --c1: #c2410c; --c2: #15803d; --c3: #9333a8; --c4: #a16207; --c5: #0e7490;
  --good: #1a7f37; --fair: #2563b8; --poor: #b45309; --bad: #c0262d; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #131518; --card: #1b1e22; --fg: #e7e9ec; --muted: #9ba3ad; --line: #343a41; --grid: #272b31; --accent: #6cb0ff;
  --c0: #6cb0ff; --c1: #ff9f6b; --c2: #67d08a; --c3: #d99bef; --c4: #e5c158; --c5: #5fd0df;
  --good: #4cc36f; --fair: #6cb0ff; --poor: #f0a54a; --bad: #ff7b7b; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--fg); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1320px; margin: 0 auto; padding: 24px clamp(12px, 3vw, 32px) 64px; }
header h1 { font-size: clamp(22px, 3.4vw, 30px); line-height: 1.2; margin: 0 0 4px; letter-spacing: -0.01em; }
header p { margin: 0; color: var(--muted); }
nav { display: flex; flex-wrap: wrap; gap: 4px 16px; margin: 12px 0 0; font-size: 14px; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
section { margin-top: 36px; }
section > * + *:not(.note) { margin-top: 16px; }
h2 { font-size: 19px; margin: 0 0 4px; } h3 { font-size: 15px; margin: 20px 0 6px; }
.note { color: var(--muted); margin: 0 0 12px; max-width: 78ch; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(165px, 1fr)); gap: 10px; margin-top: 20px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 10px 14px; }
.tile b { display: block; font-size: 18px; font-weight: 600; font-variant-numeric: tabular-nums; }
.tile span { color: var(--muted); font-size: 13px; }
.figures { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 440px), 1fr)); gap: 16px; align-items: start; }
figure { margin: 0; background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 12px; }
.wide { grid-column: 1 / -1; }
.panels { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(46%, 170px), 1fr)); gap: 6px 10px; }
.panels svg text { font-size: 11px; }
figure h3 { margin: 0 0 8px; }
.bar { max-width: 620px; margin-top: 8px; }
.many { grid-template-columns: repeat(auto-fit, minmax(min(100%, 290px), 1fr)); }
h3.part { margin: 26px 0 0; font-size: 16px; } h3.part + .note { margin: 2px 0 0; }
details { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
summary { cursor: pointer; padding: 8px 14px; color: var(--accent); } details > :not(summary) { margin: 0 12px 12px; }
.narrow { display: none; } @media (max-width: 720px) { .narrow { display: block; } .roomy { display: none; } }
figcaption { color: var(--muted); font-size: 13px; margin-top: 8px; }
svg { display: block; width: 100%; height: auto; }
svg text { fill: var(--muted); font-size: 13px; font-variant-numeric: tabular-nums; }
svg .label { fill: var(--fg); }
svg .tick { stroke: var(--muted); } svg .grid { stroke: var(--grid); } svg .frame { fill: none; stroke: var(--muted); }
svg .beam { fill: none; stroke: #ffffff; stroke-width: 1.6; } svg .beam-edge { fill: none; stroke: #000000; stroke-opacity: 0.6; stroke-width: 4; }
svg .mark { fill: none; stroke: #ffffff; stroke-opacity: 0.9; } svg .mark-edge { fill: none; stroke: #000000; stroke-opacity: 0.4; stroke-width: 3; }
svg .mark-label { fill: #ffffff; font-size: 12px; paint-order: stroke; stroke: #000000; stroke-opacity: 0.5; stroke-width: 2.5; }
svg .pixels { image-rendering: pixelated; }
svg .line { fill: none; stroke-width: 1.8; } svg .thin { stroke-width: 1; }
svg .line.c0 { stroke: var(--c0); } svg .line.c1 { stroke: var(--c1); } svg .line.c2 { stroke: var(--c2); }
svg .line.c3 { stroke: var(--c3); } svg .line.c4 { stroke: var(--c4); } svg .line.c5 { stroke: var(--c5); }
svg .dot.c0 { fill: var(--c0); } svg .dot.c1 { fill: var(--c1); } svg .dot.c2 { fill: var(--c2); }
svg .dot.c3 { fill: var(--c3); } svg .dot.c4 { fill: var(--c4); } svg .dot.c5 { fill: var(--c5); }
svg .band { fill: var(--c2); fill-opacity: 0.14; }
svg .dots { fill: none; stroke-width: 3; stroke-linecap: round; } svg .dots.fine { stroke-width: 2; }
svg .dots.c0 { stroke: var(--c0); } svg .dots.c1 { stroke: var(--c1); } svg .dots.c2 { stroke: var(--c2); }
svg .dots.c3 { stroke: var(--c3); } svg .dots.c4 { stroke: var(--c4); } svg .dots.c5 { stroke: var(--c5); }
svg .level { stroke: var(--c1); stroke-width: 1.4; stroke-dasharray: 6 4; } svg .level-label { fill: var(--c1); }
svg .edge { fill: none; stroke: var(--muted); stroke-width: 1.6; } svg .edge.optional { stroke-dasharray: 5 4; } svg .head { fill: var(--muted); }
svg .box { fill: var(--card); stroke: var(--line); stroke-width: 1.5; } svg .box.idle { stroke-dasharray: 5 4; }
svg .box.good, svg .box.fair, svg .box.poor, svg .box.bad { stroke: currentColor; }
svg .stripe { fill: currentColor; } svg .stripe.none { fill: var(--line); }
svg .box-title { fill: var(--fg); font-weight: 600; font-size: 12.4px; } svg.narrow .box-title { font-size: 11.3px; } svg .box-state { fill: currentColor; } svg .box-quality { fill: currentColor; font-weight: 600; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
.tall { max-height: 520px; overflow-y: auto; } .tall th { position: sticky; top: 0; background: var(--card); box-shadow: 0 1px var(--line); }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: 6px 14px; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr:last-child td { border-bottom: 0; }
th { color: var(--muted); font-weight: 500; } td.n, th.n { text-align: right; } td.w { white-space: normal; min-width: 18ch; }
.facts { columns: 2 380px; column-gap: 32px; margin: 0; }
.facts div { display: flex; gap: 16px; justify-content: space-between; border-bottom: 1px solid var(--line); padding: 4px 0; break-inside: avoid; }
.facts dt { color: var(--muted); } .facts dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
.chip { display: inline-block; border-radius: 999px; padding: 0 10px; font-size: 13px; border: 1px solid currentColor; }
.good { color: var(--good); } .fair { color: var(--fair); } .poor { color: var(--poor); } .bad { color: var(--bad); } .none { color: var(--muted); }
@media print { body { background: #fff; } .tall { max-height: none; } figure, .scroll { break-inside: avoid; } }
`;
