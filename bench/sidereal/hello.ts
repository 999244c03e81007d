import { flow, task } from 'sidereal';

const greet = task({ name: 'greet' }, (who: string) => `hello, ${who}`);

const hello = flow({ name: 'hello' }, async () => greet('world'));

if (import.meta.main) console.log(await hello());
