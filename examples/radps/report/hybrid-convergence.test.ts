import { describe, expect, it } from 'vitest';
import { convergenceSection, describeStarts } from './hybrid-convergence.ts';
import type { ReportedStart } from './hybrid-findings.ts';

function start(startDiameterUas: number, full: number, isRing: boolean, chosen = false): ReportedStart {
  return {
    startDiameterUas,
    chosen,
    cycles: [{ kind: 'phase', modelFluxJy: 0.5, closure: { phase: 1, full, freedom: 100 } }],
    isRing,
    diameterUas: 41.4,
    errorUas: 3.9,
    brightAngleDeg: 164,
  };
}

describe('the survey of starts in the report', () => {
  it('says which starts end in a ring, which is kept and how close the next is', () => {
    const text = describeStarts([start(0, 2.6, true), start(45, 2.4, false), start(60, 1.17, true, true)]);
    expect(text).toContain('2 of 3 starts end in a ring with a dark centre (those of 0, 60 µas)');
    expect(text).toContain('The start of 60 µas was kept, for its closure χ² of 1.17');
    expect(text).toContain('the next best has 2.4');
  });

  it('says that there is no ring, and knows no next of a single start', () => {
    const text = describeStarts([start(0, 2.6, false, true)]);
    expect(text).toContain('None of the 1 starts ends in a ring');
    expect(text).not.toContain('next best');
  });

  it('lists every start, diameters only of rings', () => {
    const [table] = convergenceSection([start(0, 2.6, true, true), start(45, 2.4, false)]).blocks;
    expect(table).toMatchObject({ kind: 'table' });
    const rows = table?.kind === 'table' ? table.rows : [];
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContainEqual({ number: '41.4 ± 3.9 µas' });
    expect(rows[1]).toContainEqual({ number: '–' });
  });
});
