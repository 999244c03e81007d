import type { Finding, Findings } from './findings.ts';
import { SHAPES, type Shape } from './svg.ts';

/** How the figures of a way to run a system are drawn, the same in every plot. */
export interface Look {
  /** Name for the legend. */
  readonly name: string;
  /** Class of its colour, `k0` … `k6`. */
  readonly style: string;
  readonly shape: Shape;
  readonly isDashed: boolean;
}

/** Names `system/variant`. */
export function wayOf({ planned }: Pick<Finding, 'planned'>): string {
  return `${planned.system}/${planned.asked.variant}`;
}

/**
 * Gives each way to run a system a look: Sidereal the first colour, peers the others; the variants of a system
 * share its colour and differ by shape. What has nothing around it is grey.
 */
export function looksOf(
  findings: readonly Finding[],
  { titleOf }: Pick<Findings, 'titleOf'>,
): ReadonlyMap<string, Look> {
  const looks = new Map<string, Look>();
  const systems = [...new Set(findings.map(({ planned }) => planned.system))].filter(
    (name) => name !== 'bare',
  );
  const order = ['sidereal', ...systems.filter((name) => name !== 'sidereal')];
  const variants = Map.groupBy(findings, ({ planned }) => planned.system);
  for (const finding of findings) {
    const { system, asked } = finding.planned;
    const known = [...new Set((variants.get(system) ?? []).map(({ planned }) => planned.asked.variant))];
    const variant = known.indexOf(asked.variant);
    const colour = order.indexOf(system);
    const shape = SHAPES[(Math.max(0, colour) + 3 * variant) % SHAPES.length] ?? 'circle';
    const name = known.length > 1 ? `${titleOf(system)}, ${asked.variant}` : titleOf(system);
    const style = system === 'bare' ? 'floor' : `k${colour % COLOURS}`;
    looks.set(wayOf(finding), { name, style, shape, isDashed: variant > 0 });
  }
  return looks;
}

const COLOURS = 7;

/** Okabe and Ito's colours, which people who confuse colours tell apart; two are darker or lighter for contrast. */
export const PALETTE_CSS = `
:root { color-scheme: light dark;
  --bg: #f7f7f5; --card: #ffffff; --fg: #1c1e21; --muted: #596069; --line: #d9dce0; --grid: #e8eaec; --accent: #0b62b0;
  --k0: #0072b2; --k1: #d55e00; --k2: #009e73; --k3: #cc79a7; --k4: #b88600; --k5: #56b4e9; --k6: #7a6a9b; --floor: #5b6168; }
@media (prefers-color-scheme: dark) { :root {
  --bg: #131518; --card: #1b1e22; --fg: #e7e9ec; --muted: #a3abb4; --line: #343a41; --grid: #292e34; --accent: #6cb0ff;
  --k0: #4aa8e0; --k1: #f0803c; --k2: #2fc795; --k3: #e39ac3; --k4: #f0c419; --k5: #8fd0f5; --k6: #b3a3d6; --floor: #a3abb4; } }`;

/** How plots are painted, in a page and in a file of their own. */
export const PLOT_CSS = `
svg text { fill: var(--muted); font: 15px system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-variant-numeric: tabular-nums; }
svg text.label { fill: var(--fg); } svg .grid { stroke: var(--grid); } svg .frame { fill: none; stroke: var(--line); }
svg .line { fill: none; stroke-width: 2; } svg .thick { stroke-width: 2.4; } svg .dashed { stroke-dasharray: 6 4; }
svg .mark { stroke: var(--card); stroke-width: 0.8; } svg .range { stroke-width: 1.2; }
svg .band { fill: var(--floor); fill-opacity: 0.13; } svg .bar { fill-opacity: 0.9; }
${['k0', 'k1', 'k2', 'k3', 'k4', 'k5', 'k6', 'floor'].map((name) => `svg .line.${name}, svg .range.${name} { stroke: var(--${name}); } svg .mark.${name}, svg .bar.${name} { fill: var(--${name}); }`).join('\n')}`;
