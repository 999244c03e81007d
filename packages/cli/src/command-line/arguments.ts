import { closest } from './closest.ts';
import { didYouMean, usage } from './usage-error.ts';

/** What was given to a command, checked against what it takes. */
export class Arguments {
  readonly operands: readonly string[];
  readonly #given: ReadonlyMap<string, readonly string[]>;

  constructor(operands: readonly string[], given: ReadonlyMap<string, readonly string[]>) {
    this.operands = operands;
    this.#given = given;
  }

  has(option: string): boolean {
    return this.#given.has(option);
  }

  /** Value of an option, the last if it was given several times. */
  text(option: string): string | undefined {
    return this.#given.get(option)?.at(-1);
  }

  texts(option: string): readonly string[] {
    return this.#given.get(option) ?? [];
  }

  /** Value of an option that takes a whole number, not negative. */
  count(option: string): number | undefined {
    const text = this.text(option);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && Number.isSafeInteger(value)) return value;
    throw usage(`--${option} takes a whole number, not '${text}'`, `Write for example --${option} 20.`);
  }

  /** Values of an option that takes one of a few words; several may be given with commas between them. */
  choices<const Choice extends string>(option: string, all: readonly Choice[]): readonly Choice[] {
    const words = this.texts(option)
      .flatMap((text) => text.split(','))
      .map((word) => word.trim());
    return words.map((word) => {
      const found = all.find((choice) => choice === word);
      if (found !== undefined) return found;
      throw usage(
        `--${option} does not know '${word}'`,
        `${didYouMean(closest(word, all))}It takes one of: ${all.join(', ')}.`,
      );
    });
  }

  operand(at: number): string {
    return this.operands[at] ?? '';
  }
}
