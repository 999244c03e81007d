/** A seeded stream of random numbers. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Normal with mean 0 and standard deviation 1. */
  normal(): number;
  /** A whole number in 0 … `below` − 1. */
  integer(below: number): number;
}

/**
 * A reproducible random stream: xoshiro128** (Blackman & Vigna 2021, ACM TOMS 47, 36), its state filled from
 * `seed` by splitmix32; normal deviates by the polar method (Marsaglia & Bray 1964).
 *
 * `stream` names an independent stream of the same seed, so that adding draws to one part of a simulation
 * does not shift those of another.
 */
export function seededRandom(seed: number, stream = ''): Random {
  let mixer = seed >>> 0;
  for (let index = 0; index < stream.length; index++) {
    mixer = Math.imul(mixer ^ stream.charCodeAt(index), 0x01000193) >>> 0;
  }
  const splitmix = (): number => {
    mixer = (mixer + 0x9e3779b9) >>> 0;
    let z = mixer;
    z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
    z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
    return (z ^ (z >>> 15)) >>> 0;
  };
  let a = splitmix();
  let b = splitmix();
  let c = splitmix();
  let d = splitmix() | 1;
  const next = (): number => {
    const scaled = Math.imul(b, 5);
    const result = Math.imul((scaled << 7) | (scaled >>> 25), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = (d << 11) | (d >>> 21);
    return result;
  };
  const uniform = (): number => next() / 0x1_0000_0000;
  let spare = Number.NaN;
  const normal = (): number => {
    if (!Number.isNaN(spare)) {
      const value = spare;
      spare = Number.NaN;
      return value;
    }
    for (;;) {
      const x = 2 * uniform() - 1;
      const y = 2 * uniform() - 1;
      const square = x * x + y * y;
      if (square >= 1 || square === 0) continue;
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    }
  };
  return { uniform, normal, integer: (below) => Math.floor(uniform() * below) };
}
