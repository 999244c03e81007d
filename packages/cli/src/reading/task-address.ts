/** What people call a node of a run by: its number, or else the beginning of its key. */
export function taskAddress(text: string): number | string {
  return /^\d{1,9}$/.test(text) ? Number(text) : text;
}
