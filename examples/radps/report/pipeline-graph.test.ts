import { describe, expect, it } from 'vitest';
import { drawPipeline } from './pipeline-graph.ts';
import type { GraphBox } from './pipeline-graph.ts';

const box = (id: string, column: number, lane: number, more: Partial<GraphBox> = {}): GraphBox => ({
  id,
  title: `Stage <${id}>`,
  column,
  lane,
  state: 'completed',
  ...more,
});

describe('the picture of a pipeline', () => {
  const boxes = [
    box('a', 0, 0, { seconds: 1.25, score: 0.5 }),
    box('b', 1, 0, { state: 'upstream_failed' }),
    box('c', 2, 1, { state: 'not run', score: 'failed' }),
  ];
  const svg = drawPipeline(boxes, [
    { from: 'a', to: 'b', optional: false },
    { from: 'a', to: 'c', optional: true },
    { from: 'a', to: 'missing', optional: true },
  ]);

  it('tells states, times and scores in words as well as in colour', () => {
    expect(svg).toContain('✓ completed · 1.25 s');
    expect(svg).toContain('QA 0.50 poor · low');
    expect(svg).toContain('✕ upstream failed');
    expect(svg).toContain('QA scoring failed');
    expect(svg).toContain('Stage &#60;a&#62;');
    expect(svg).toContain('aria-label="Stage &#60;a&#62;: completed, 0.50 poor · low; ');
  });

  it('is drawn for pages with room and for narrow ones, an arrow for each edge', () => {
    expect(svg.match(/<svg/g)).toHaveLength(2);
    expect(svg.match(/class="edge"/g)).toHaveLength(2);
    expect(svg.match(/class="edge optional"/g)).toHaveLength(2);
    expect(svg.match(/class="box idle"/g)).toHaveLength(2);
  });

  it('keeps boxes apart and within the picture', () => {
    for (const [, viewBox, body] of svg.matchAll(/viewBox="0 0 ([^"]*)"(.*?)<\/svg>/g)) {
      const [width, height] = viewBox!.split(' ').map(Number) as [number, number];
      const corners = [...body!.matchAll(/class="box[^>]*x="(\d+)" y="(\d+)" width="(\d+)" height="(\d+)"/g)];
      expect(corners).toHaveLength(3);
      const boxesDrawn = corners.map(
        ([, ...numbers]) => numbers.map(Number) as [number, number, number, number],
      );
      for (const [x, y, w, h] of boxesDrawn) {
        expect(x + w).toBeLessThanOrEqual(width);
        expect(y + h).toBeLessThanOrEqual(height);
        const touched = boxesDrawn.filter(
          ([ox, oy, ow, oh]) => ox < x + w && x < ox + ow && oy < y + h && y < oy + oh,
        );
        expect(touched).toHaveLength(1);
      }
    }
  });
});
