/**
 * Rings of waiting: nodes that each wait for the end of the next, and the last for that of the first. Arguments
 * cannot make one, for a future exists only once its call is made; a variable of the surrounding code can, if the code
 * of a task waits for what consumes that task.
 */

/**
 * Rings among what can be reached from `starts`, each as its nodes in the order in which they wait. No node is in two
 * of them; where there is any ring, one at least is found. Linear in the nodes and waits that are looked at.
 */
export function findRings<Node>(
  starts: Iterable<Node>,
  waitsFor: (node: Node) => Iterable<Node>,
): readonly (readonly Node[])[] {
  const rings: Node[][] = [];
  const inRing = new Set<Node>();
  /** Nodes seen: where they stand on the path, or -1 once all that they wait for has been looked at. */
  const places = new Map<Node, number>();
  for (const start of starts) {
    if (places.has(start)) continue;
    const path: Node[] = [start];
    const open: Iterator<Node>[] = [waitsFor(start)[Symbol.iterator]()];
    places.set(start, 0);
    for (let iterator = open.at(-1); iterator !== undefined; iterator = open.at(-1)) {
      const step = iterator.next();
      if (step.done === true) {
        open.pop();
        const left = path.pop();
        if (left !== undefined) places.set(left, -1);
        continue;
      }
      const next = step.value;
      const place = places.get(next);
      if (place === undefined) {
        places.set(next, path.length);
        path.push(next);
        open.push(waitsFor(next)[Symbol.iterator]());
      } else if (place >= 0) {
        const ring = path.slice(place);
        if (ring.some((node) => inRing.has(node))) continue;
        for (const node of ring) inRing.add(node);
        rings.push(ring);
      }
    }
  }
  return rings;
}
