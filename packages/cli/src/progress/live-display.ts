import { textWidth } from '../terminal/text-width.ts';

export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** Synchronised output (DEC private mode 2026): terminals that know it show a frame at once; others ignore it. */
const BEGIN = '\u001B[?2026h';
const END = '\u001B[?2026l';
/** CSI K: clear to the end of the line. CSI J: clear to the end of the screen. */
const CLEAR_LINE = '\u001B[K';
const CLEAR_BELOW = '\u001B[J';

/**
 * Lines at the bottom of a terminal that are drawn again in place. The cursor rests at the start of the line
 * below them, so that what others write in between is overwritten at the next drawing at worst.
 *
 * After a resize a terminal may have wrapped the lines that were drawn: how many rows they take now follows
 * from their widths.
 */
export class LiveDisplay {
  readonly #write: (text: string) => void;
  readonly #size: () => Size;
  readonly #frame: (size: Size) => readonly string[];
  #drawn: readonly string[] = [];
  #drawnFor = '';

  constructor(write: (text: string) => void, size: () => Size, frame: (size: Size) => readonly string[]) {
    this.#write = write;
    this.#size = size;
    this.#frame = frame;
  }

  /** Draws the current frame, if it is another than the one that stands there. */
  draw(): void {
    const size = this.#size();
    const lines = this.#frame(size);
    const sizeKey = `${size.columns}x${size.rows}\n`;
    const key = `${sizeKey}${lines.join('\n')}`;
    if (key === this.#drawnFor) return;
    // What a terminal has wrapped at a resize it remembers as one line: it is cleared away, not written over.
    const before = this.#drawnFor.startsWith(sizeKey) ? '' : CLEAR_BELOW;
    const text = lines.map((line) => `${line}${CLEAR_LINE}\n`).join('');
    this.#write(`${BEGIN}${this.#up(size)}${before}${text}${CLEAR_BELOW}${END}`);
    this.#drawn = lines;
    this.#drawnFor = key;
  }

  /** Writes whole lines above the display. */
  above(text: string): void {
    const size = this.#size();
    const lines = this.#drawn;
    this.#write(
      `${BEGIN}${this.#up(size)}${CLEAR_BELOW}${text}${lines.map((line) => `${line}${CLEAR_LINE}\n`).join('')}${END}`,
    );
  }

  /** Takes the display away. */
  clear(): void {
    this.#write(`${BEGIN}${this.#up(this.#size())}${CLEAR_BELOW}${END}`);
    this.#drawn = [];
    this.#drawnFor = '';
  }

  /** Back to the first row of what was drawn. */
  #up({ columns, rows }: Size): string {
    let taken = 0;
    for (const line of this.#drawn) taken += Math.max(1, Math.ceil(textWidth(line) / Math.max(columns, 1)));
    const up = Math.min(taken, rows - 1);
    return up > 0 ? `\r\u001B[${up}A` : '\r';
  }
}
