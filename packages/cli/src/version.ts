import { readFileSync } from 'node:fs';

/** Version of this package; sources and what is built from them both lie one folder below its package.json. */
export const VERSION: string = (() => {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
  const isManifest = typeof manifest === 'object' && manifest !== null && 'version' in manifest;
  return isManifest ? String(manifest.version) : 'unknown';
})();
