import { expect, test } from 'vitest';
import { mountTypeOf } from './read-file-system-type.ts';

const table = `
22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
30 22 0:26 / /home rw,nosuid shared:5 master:1 - nfs4 server:/home rw
31 30 0:27 / /home/me/with\\040space rw - fuse.sshfs me@host: rw
32 22 0:28 / /home/me/project rw - tmpfs tmpfs rw
33 22 0:29 / /home/me/project rw - xfs /dev/vdb rw
broken line
`;

test.each([
  ['/', 'ext4'],
  ['/homeless', 'ext4'],
  ['/home', 'nfs4'],
  ['/home/me', 'nfs4'],
  ['/home/me/with space/run', 'fuse.sshfs'],
  ['/home/me/project/.sidereal', 'xfs'],
])('%s lies on %s', (path, type) => {
  expect(mountTypeOf(path, table)).toBe(type);
});

test('without a table nothing is known', () => {
  expect(mountTypeOf('/home', '')).toBeUndefined();
});
