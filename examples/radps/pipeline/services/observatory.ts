/**
 * The services that an observatory offers its pipeline over HTTP: positions of antennas measured after an
 * observation, and a catalogue of calibrators. `simulated` services are a real server on this machine that answers
 * from the archive of a simulated observation, well or badly, as asked; otherwise give the URL of real ones.
 *
 *     GET <url>/antenna-positions            { "corrections": { "<antenna>": [x, y, z] } }   metres
 *     GET <url>/catalogue?source=<name>      { "fluxJy": 8, "spectralIndex": 0 }             at 1.4 GHz
 */
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { ServerResponse } from 'node:http';
import { once } from 'node:events';
import { join } from 'node:path';
import { z } from 'zod';

/** How the antenna-position service of the simulated observatory behaves. */
export const SERVICE_MOODS = ['ok', 'none', 'rubbish', 'silent', 'down'] as const;
export type ServiceMood = (typeof SERVICE_MOODS)[number];

export const servicesInput = z.union([
  z.object({ kind: z.literal('simulated'), positions: z.enum(SERVICE_MOODS) }),
  z.object({ kind: z.literal('url'), url: z.url() }),
]);
export type Services = z.infer<typeof servicesInput>;

/** Servers of this process, by archive and mood: started when first asked, they do not keep the process alive. */
const running = new Map<string, Promise<string>>();

/** Base URL of the services. */
export async function servicesUrl(services: Services, archive: string): Promise<string> {
  if (services.kind === 'url') return services.url;
  const key = `${services.positions} ${archive}`;
  const url = running.get(key) ?? startObservatory(archive, services.positions);
  running.set(key, url);
  return url;
}

async function startObservatory(archive: string, mood: ServiceMood): Promise<string> {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    answer(response, archive, mood, pathname, searchParams.get('source')).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the observatory has no address');
  return `http://127.0.0.1:${address.port}`;
}

async function answer(
  response: ServerResponse,
  archive: string,
  mood: ServiceMood,
  path: string,
  source: string | null,
): Promise<void> {
  const json = (value: unknown): void => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  const stored = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(join(archive, 'services', name), 'utf8'));
  if (path === '/antenna-positions') {
    if (mood === 'silent') return;
    if (mood === 'down') response.destroy();
    else if (mood === 'rubbish') response.writeHead(200).end('<html>maintenance, corrections=NaN</html>');
    else json(mood === 'none' ? { corrections: {} } : await stored('antenna-positions.json'));
    return;
  }
  if (path === '/catalogue') {
    const { sources } = z
      .object({ sources: z.record(z.string(), z.unknown()) })
      .parse(await stored('catalogue.json'));
    const found = sources[source ?? ''];
    if (found === undefined) response.writeHead(404).end(`no calibrator ${source}`);
    else json(found);
    return;
  }
  response.writeHead(404).end();
}
