/** Which runs a map or reduce is made of, and in which order, as three numbers. */
export class Structure {
  #count = 0;
  #first = 0x1e3779b9;
  #second = 0x7f4a7c15;

  get count(): number {
    return this.#count;
  }

  /** It is made of one more run, of this key: a digest, of which half is enough. */
  add(key: string): void {
    this.#count += 1;
    this.#first = mixed(this.#first ^ Number.parseInt(key.slice(0, 8), 16));
    this.#second = mixed(this.#second ^ Number.parseInt(key.slice(8, 16), 16));
  }

  /** Tells it from others. */
  get text(): string {
    return `${this.#count} ${this.#first} ${this.#second}`;
  }
}

function mixed(value: number): number {
  let mix = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}
