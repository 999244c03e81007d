import { SiderealError } from '@sidereal/core';
import type { Shortage } from './shortage.ts';

/** A task names a resource that no flow around it has. */
export function undeclaredResource(
  task: string,
  name: string,
  nearest: string | undefined,
  names: readonly string[],
  at: string | undefined,
): SiderealError {
  const meant = nearest === undefined ? '' : `Did you mean \`${nearest}\`? `;
  return new SiderealError(
    'INVALID_OPTION',
    `resources of task '${task}' names '${name}', which no flow around it has`,
    {
      at,
      remedy: `${meant}There is ${names.join(', ')}. A flow says what else there is: flow({ resources: { ${name}: 1 } }, …).`,
    },
  );
}

/** A task needs more of something than there is. */
export function resourcesExceeded(
  task: string,
  { needs, there, remedy }: Shortage,
  at: string | undefined,
): SiderealError {
  return new SiderealError('RESOURCES_EXCEEDED', `task '${task}' needs ${needs}, and ${there}`, {
    at,
    remedy,
  });
}
