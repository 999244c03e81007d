/* eslint-disable no-control-regex -- finding control characters is what this is for */

/**
 * Text of the user's (names, messages, logs) made harmless for a terminal: escape sequences and other control
 * characters would move the cursor or change colours. New lines and tabs stay.
 */
export function printable(text: string): string {
  return text.replaceAll(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g, (character) =>
    character === '\r' ? '' : `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`,
  );
}

/** The same on one line. */
export function oneLine(text: string): string {
  return printable(text)
    .replaceAll(/\s*\n\s*/g, ' ')
    .replaceAll('\t', ' ');
}
