/** The input as people read it: JSON where JSON can say it. */
export function inputText(input: unknown): string {
  try {
    return JSON.stringify(input) ?? '';
  } catch {
    return '';
  }
}
