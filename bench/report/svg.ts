/** Text made safe for HTML and SVG, in elements and in quoted attributes. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A coordinate with as many digits as a picture needs. */
export function px(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** A logarithmic axis: what it spans, and where on the picture it lies. */
export interface LogAxis {
  readonly low: number;
  readonly high: number;
  /** Pixels of `low` and of `high`. */
  readonly from: number;
  readonly to: number;
}

/** Where a value lies along the axis, in pixels; held within it. */
export function place({ low, high, from, to }: LogAxis, value: number): number {
  const share = Math.log(value / low) / Math.log(high / low);
  return from + (to - from) * Math.min(1, Math.max(0, share));
}

/** An axis over positive values, from a whole power of ten to another. */
export function decades(values: readonly number[], from: number, to: number): LogAxis {
  const positive = values.filter((value) => value > 0 && Number.isFinite(value));
  const low = 10 ** Math.floor(Math.log10(Math.min(...positive, 1e12)) + 1e-9);
  const high = 10 ** Math.ceil(Math.log10(Math.max(...positive, 1e-12)) - 1e-9);
  return positive.length === 0
    ? { low: 1, high: 10, from, to }
    : { low, high: Math.max(high, low * 10), from, to };
}

/** The powers of ten on an axis; at most six of them. */
export function powersOfTen({ low, high }: LogAxis): readonly number[] {
  const first = Math.round(Math.log10(low));
  const count = Math.round(Math.log10(high / low)) + 1;
  const step = Math.ceil(count / 6);
  return Array.from({ length: count }, (_, index) => 10 ** (first + index)).filter(
    (_, index) => index % step === 0,
  );
}

export const SHAPES = ['circle', 'square', 'diamond', 'triangle', 'inverted', 'cross', 'plus'] as const;
export type Shape = (typeof SHAPES)[number];

/** A mark of about nine pixels, told apart by shape as well as by colour. */
export function drawMark(shape: Shape, x: number, y: number, style: string, title: string): string {
  const tooltip = `<title>${escapeText(title)}</title>`;
  const at = (dx: number, dy: number): string => `${px(x + dx)} ${px(y + dy)}`;
  const polygon = (...corners: readonly string[]): string =>
    `<path class="mark ${style}" d="M${corners.join('L')}Z">${tooltip}</path>`;
  switch (shape) {
    case 'circle':
      return `<circle class="mark ${style}" cx="${px(x)}" cy="${px(y)}" r="4.5">${tooltip}</circle>`;
    case 'square':
      return polygon(at(-4, -4), at(4, -4), at(4, 4), at(-4, 4));
    case 'diamond':
      return polygon(at(0, -5.5), at(5.5, 0), at(0, 5.5), at(-5.5, 0));
    case 'triangle':
      return polygon(at(0, -5), at(5, 4), at(-5, 4));
    case 'inverted':
      return polygon(at(0, 5), at(5, -4), at(-5, -4));
    case 'cross':
      return `<path class="line thick ${style}" d="M${at(-4, -4)}L${at(4, 4)}M${at(-4, 4)}L${at(4, -4)}">${tooltip}</path>`;
    case 'plus':
      return `<path class="line thick ${style}" d="M${at(-5, 0)}L${at(5, 0)}M${at(0, -5)}L${at(0, 5)}">${tooltip}</path>`;
  }
}

/** A picture that fills its column; `title` is read out by screen readers. */
export function svgElement(width: number, height: number, title: string, body: string): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}">${body}</svg>`;
}
