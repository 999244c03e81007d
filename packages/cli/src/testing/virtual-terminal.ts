/**
 * As much of a terminal as a display drawn in place uses: lines of text with a scroll-back, a cursor, `\r`,
 * `\n`, CSI A (up), J (clear below), K (clear the rest of the line); colours and private modes are ignored.
 * A resize wraps lines again, as most terminals do.
 */
export class VirtualTerminal {
  columns: number;
  readonly rows: number;
  /** Characters written in all. */
  written = 0;
  #lines: string[] = [''];
  #row = 0;
  #column = 0;

  constructor(columns: number, rows: number) {
    this.columns = columns;
    this.rows = rows;
  }

  /** Everything that was ever on it and has not been cleared, without empty lines at the end. */
  text(): string[] {
    const lines = this.#lines.map((line) => line.trimEnd());
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  resize(columns: number): void {
    const above = this.#lines.slice(0, this.#row).flatMap((line) => wrapLine(line, columns));
    this.#lines = [...above, ...this.#lines.slice(this.#row).flatMap((line) => wrapLine(line, columns))];
    this.#row = above.length;
    this.columns = columns;
  }

  write(text: string): void {
    this.written += text.length;
    // eslint-disable-next-line no-control-regex -- escape sequences begin with one
    const tokens = text.matchAll(/\u001B\[(?<parameters>[?\d;]*)(?<final>[A-Za-z])|(?<character>[\s\S])/gu);
    for (const { groups = {} } of tokens) {
      const { parameters = '', final, character = '' } = groups;
      if (final === undefined) this.#put(character);
      else if (!parameters.startsWith('?')) this.#control(final, Number(parameters) || 1);
    }
  }

  #put(character: string): void {
    if (character === '\r') {
      this.#column = 0;
    } else if (character === '\n') {
      this.#column = 0;
      this.#row += 1;
      if (this.#row === this.#lines.length) this.#lines.push('');
    } else {
      if (this.#column >= this.columns) this.#put('\n');
      const line = (this.#lines[this.#row] ?? '').padEnd(this.#column);
      this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
      this.#column += 1;
    }
  }

  #control(final: string, count: number): void {
    const clearLine = (): void => {
      this.#lines[this.#row] = (this.#lines[this.#row] ?? '').slice(0, this.#column);
    };
    if (final === 'A') {
      const top = Math.max(0, this.#lines.length - this.rows);
      this.#row = Math.max(top, this.#row - count);
    } else if (final === 'K') clearLine();
    else if (final === 'J') {
      clearLine();
      // Cleared rows stay rows of the screen.
      for (let row = this.#row + 1; row < this.#lines.length; row += 1) this.#lines[row] = '';
    }
  }
}

function wrapLine(line: string, columns: number): string[] {
  const text = line.trimEnd();
  if (text.length <= columns) return [text];
  return [text.slice(0, columns), ...wrapLine(text.slice(columns), columns)];
}
