import { flow } from '@sidereal/engine';

export const eager = flow({ name: 'eager' }, async () => 1);

async function main(): Promise<void> {
  await eager();
}
// oxlint-disable-next-line unicorn/prefer-top-level-await -- nobody awaiting it is the point
void main();
