/** Objects looked through one by one before a map is made: most values hold few. */
const FEW = 8;

/** Which object is whose copy. */
export class CopyTable {
  readonly #sources: object[] = [];
  readonly #copies: object[] = [];
  #many: Map<object, object> | undefined;

  get(source: object): object | undefined {
    if (this.#many !== undefined) return this.#many.get(source);
    const at = this.#sources.indexOf(source);
    return at < 0 ? undefined : this.#copies[at];
  }

  set(source: object, copy: object): void {
    if (this.#many !== undefined) {
      this.#many.set(source, copy);
      return;
    }
    this.#sources.push(source);
    this.#copies.push(copy);
    if (this.#sources.length <= FEW) return;
    this.#many = new Map(this.#sources.map((known, at) => [known, this.#copies[at] ?? known]));
  }
}
