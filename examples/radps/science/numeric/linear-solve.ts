/**
 * Solves A x = b for a small dense system by Gaussian elimination with partial pivoting. `matrix` is row-major
 * n × n; neither argument is changed. Returns undefined when the system is singular to working precision.
 */
function solveLinear(matrix: readonly number[], right: readonly number[]): number[] | undefined {
  const n = right.length;
  const a = [...matrix];
  const x = [...right];
  const at = (row: number, column: number): number => a[row * n + column] ?? 0;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++) {
      if (Math.abs(at(row, column)) > Math.abs(at(pivot, column))) pivot = row;
    }
    const scale = at(pivot, column);
    if (!(Math.abs(scale) > 1e-300)) return undefined;
    for (let k = 0; k < n; k++) {
      const swap = at(column, k);
      a[column * n + k] = at(pivot, k);
      a[pivot * n + k] = swap;
    }
    const swap = x[column] ?? 0;
    x[column] = x[pivot] ?? 0;
    x[pivot] = swap;
    for (let row = column + 1; row < n; row++) {
      const factor = at(row, column) / at(column, column);
      for (let k = column; k < n; k++) a[row * n + k] = at(row, k) - factor * at(column, k);
      x[row] = (x[row] ?? 0) - factor * (x[column] ?? 0);
    }
  }
  for (let row = n - 1; row >= 0; row--) {
    let sum = x[row] ?? 0;
    for (let k = row + 1; k < n; k++) sum -= at(row, k) * (x[k] ?? 0);
    x[row] = sum / at(row, row);
  }
  return x;
}

/** Normal equations of a linear least-squares fit, built row by row. */
export class LeastSquares {
  readonly #n: number;
  readonly #matrix: number[];
  readonly #right: number[];

  constructor(parameters: number) {
    this.#n = parameters;
    this.#matrix = Array.from({ length: parameters * parameters }, () => 0);
    this.#right = Array.from({ length: parameters }, () => 0);
  }

  /** Adds Σ terms · x ≈ value with this weight. */
  add(terms: readonly number[], value: number, weight = 1): void {
    for (let i = 0; i < this.#n; i++) {
      const term = weight * (terms[i] ?? 0);
      this.#right[i] = (this.#right[i] ?? 0) + term * value;
      for (let j = 0; j < this.#n; j++) {
        const at = i * this.#n + j;
        this.#matrix[at] = (this.#matrix[at] ?? 0) + term * (terms[j] ?? 0);
      }
    }
  }

  /** The solution, or undefined when the data do not determine it. */
  solve(): number[] | undefined {
    return solveLinear(this.#matrix, this.#right);
  }

  /** The diagonal of the inverse normal matrix: variances of the parameters for weights 1/σ². */
  variances(): number[] | undefined {
    const out: number[] = [];
    for (let i = 0; i < this.#n; i++) {
      const unit = Array.from({ length: this.#n }, (_, j) => (i === j ? 1 : 0));
      const column = solveLinear(this.#matrix, unit);
      if (column === undefined) return undefined;
      out.push(column[i] ?? 0);
    }
    return out;
  }
}
