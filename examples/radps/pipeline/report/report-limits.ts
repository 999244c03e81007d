/**
 * How much of what a report shows: a page of a run with four fields and eight windows of a thousand channels must
 * open as quickly as that of a small one. What is left out is said where it would stand; tables have more than figures.
 */
export const LIMITS = {
  /** Spectral windows whose calibration tables are drawn, and antennas in each of these figures. */
  tableWindows: 2,
  antennas: 30,
  /** Targets whose visibilities are drawn, windows of each, and rows looked at in each window. */
  visibilityFields: 4,
  visibilityWindows: 3,
  visibilityRows: 8000,
  /** Windows whose line search is drawn; those with a line come first. */
  lineSearches: 6,
  /** Cubes that are drawn, those with the highest peaks first, and channel maps of each. */
  cubes: 3,
  channelMaps: 12,
  /** Targets whose continuum images are drawn. */
  continuumFields: 4,
  /** Images by spectral window that are drawn of each field. */
  windowImages: 8,
  calibratorImages: 4,
  /** Tables of self-calibration that are drawn of each field. */
  selfCalTables: 3,
  tableRows: 64,
  qaRows: 400,
  files: 300,
} as const;

/** The first of some things, and a sentence about those left out. */
export function limited<Item>(
  items: readonly Item[],
  most: number,
  what: string,
): { readonly shown: readonly Item[]; readonly note: string } {
  if (items.length <= most) return { shown: items, note: '' };
  return { shown: items.slice(0, most), note: ` The first ${most} of ${items.length} ${what} are shown.` };
}
