const TEXTS: Readonly<Record<string, string>> = {
  max: 'most cycles reached',
  rolled_back: 'rolled back',
};

/** Why a loop ended, for people. */
export function reasonText(reason: string): string {
  return TEXTS[reason] ?? reason;
}
