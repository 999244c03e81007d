/** Reports of the example pipeline: one HTML page that opens from disk, with its pictures inside. */
export * from './page.ts';
export * from './image-figure.ts';
export * from './plot-figure.ts';
export * from './observation-report.ts';
export * from './ticks.ts';
export * from './calibration-section.ts';
export * from './panels.ts';
export * from './stage-section.ts';
export * from './vlbi-section.ts';
export * from './pipeline-graph.ts';
export * from './solver-figures.ts';
export * from './visibility-figures.ts';
export * from './line-figure.ts';
export * from './sky-figures.ts';
export * from './image-grid.ts';
export * from './pipeline-report.ts';
export * from './hybrid-report.ts';
