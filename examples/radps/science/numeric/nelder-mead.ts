/**
 * Minimises a function of a few parameters by the simplex method (Nelder & Mead 1965, Comput. J. 7, 308), from
 * `start` with steps of `scale`; restarts once from where it ends, against stalling.
 */
export function minimise(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  scale: readonly number[],
  maxEvaluations = 600,
): { x: number[]; value: number } {
  const first = simplexSearch(f, start, scale, maxEvaluations / 2);
  return simplexSearch(
    f,
    first.x,
    scale.map((step) => step / 3),
    maxEvaluations / 2,
  );
}

function simplexSearch(
  f: (x: readonly number[]) => number,
  start: readonly number[],
  scale: readonly number[],
  maxEvaluations: number,
): { x: number[]; value: number } {
  const n = start.length;
  let evaluations = 0;
  const point = (x: number[]): { x: number[]; value: number } => {
    evaluations++;
    return { x, value: f(x) };
  };
  const simplex = [point([...start])];
  for (let index = 0; index < n; index++) {
    simplex.push(point(start.map((value, at) => (at === index ? value + (scale[index] ?? 1) : value))));
  }
  for (;;) {
    simplex.sort((a, b) => a.value - b.value);
    const best = simplex[0] ?? point([...start]);
    const worst = simplex[n] ?? best;
    const second = simplex[n - 1] ?? best;
    const spread = Math.abs(worst.value - best.value);
    if (evaluations >= maxEvaluations || spread <= 1e-9 * (Math.abs(best.value) + 1e-30)) return best;
    const centre = Array.from({ length: n }, (_, at) => {
      let sum = 0;
      for (let index = 0; index < n; index++) sum += simplex[index]?.x[at] ?? 0;
      return sum / n;
    });
    const along = (factor: number): { x: number[]; value: number } =>
      point(centre.map((value, at) => value + factor * ((worst.x[at] ?? 0) - value)));
    const reflected = along(-1);
    if (reflected.value < best.value) {
      const expanded = along(-2);
      simplex[n] = expanded.value < reflected.value ? expanded : reflected;
    } else if (reflected.value < second.value) {
      simplex[n] = reflected;
    } else {
      const contracted = along(reflected.value < worst.value ? -0.5 : 0.5);
      if (contracted.value < Math.min(worst.value, reflected.value)) simplex[n] = contracted;
      else {
        for (let index = 1; index <= n; index++) {
          const old = simplex[index]?.x ?? best.x;
          simplex[index] = point(old.map((value, at) => ((best.x[at] ?? 0) + value) / 2));
        }
      }
    }
  }
}
