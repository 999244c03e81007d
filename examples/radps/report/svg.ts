/** Text made safe for HTML and SVG, in elements and in quoted attributes. */
export function escapeText(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A coordinate with as many digits as a picture needs. */
export function px(value: number): string {
  return String(Math.round(value * 100) / 100);
}

/** The plotting area of a figure, in its own units. */
export interface Frame {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** One axis: the data range and where ticks go. */
export interface Axis {
  readonly from: number;
  readonly to: number;
  readonly log?: boolean;
  readonly ticks: readonly number[];
  readonly format: (value: number) => string;
  readonly label: string;
}

/** Place of a value along an axis, 0 … 1. */
export function axisPlace(axis: Axis, value: number): number {
  return axis.log === true
    ? Math.log(value / axis.from) / Math.log(axis.to / axis.from)
    : (value - axis.from) / (axis.to - axis.from);
}

/** Box, ticks, numbers and labels of a plot; y grows upwards. */
export function drawAxes(frame: Frame, x: Axis, y: Axis, options: Readonly<{ grid?: boolean }> = {}): string {
  const { left, top, width, height } = frame;
  const bottom = top + height;
  const parts: string[] = [];
  for (const tick of x.ticks) {
    const at = left + width * axisPlace(x, tick);
    if (options.grid === true)
      parts.push(`<line class="grid" x1="${px(at)}" y1="${top}" x2="${px(at)}" y2="${bottom}"/>`);
    parts.push(`<line class="tick" x1="${px(at)}" y1="${bottom}" x2="${px(at)}" y2="${bottom + 5}"/>`);
    parts.push(
      `<text x="${px(at)}" y="${bottom + 19}" text-anchor="middle">${escapeText(x.format(tick))}</text>`,
    );
  }
  for (const tick of y.ticks) {
    const at = bottom - height * axisPlace(y, tick);
    if (options.grid === true)
      parts.push(`<line class="grid" x1="${left}" y1="${px(at)}" x2="${left + width}" y2="${px(at)}"/>`);
    parts.push(`<line class="tick" x1="${left - 5}" y1="${px(at)}" x2="${left}" y2="${px(at)}"/>`);
    parts.push(
      `<text x="${left - 9}" y="${px(at + 4)}" text-anchor="end">${escapeText(y.format(tick))}</text>`,
    );
  }
  parts.push(`<rect class="frame" x="${left}" y="${top}" width="${width}" height="${height}"/>`);
  parts.push(
    `<text class="label" x="${left + width / 2}" y="${bottom + 40}" text-anchor="middle">${escapeText(x.label)}</text>`,
  );
  const middle = top + height / 2;
  parts.push(
    `<text class="label" x="14" y="${middle}" text-anchor="middle" transform="rotate(-90 14 ${middle})">${escapeText(y.label)}</text>`,
  );
  return parts.join('');
}

/** An inline SVG that grows and shrinks with its column; `title` is read out by screen readers. */
export function svgElement(width: number, height: number, title: string, body: string): string {
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escapeText(title)}">${body}</svg>`;
}
