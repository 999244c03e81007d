import { expect, test } from 'vitest';
import { networkFileSystem } from './network-file-system.ts';

test.each([
  ['NFS', 0x6969],
  ['SMB', 0x517b],
  ['SMB2', 0xfe534d42],
  ['CIFS', 0xff534d42],
  ['Lustre', 0x0bd00bd0],
  ['GPFS (Spectrum Scale)', 0x47504653],
  ['BeeGFS', 0x19830326],
  ['Ceph', 0x00c36400],
  ['AFS', 0x5346414f],
  ['9p', 0x01021997],
])('%s is refused', (name, magic) => {
  expect(networkFileSystem({ magic })).toBe(name);
});

test('a number that was read as signed is the same number', () => {
  expect(networkFileSystem({ magic: 0xff534d42 | 0 })).toBe('CIFS');
});

test.each([
  ['ext4', 0xef53],
  ['xfs', 0x58465342],
  ['btrfs', 0x9123683e],
  ['tmpfs', 0x01021994],
  ['overlay', 0x794c7630],
  ['zfs', 0x2fc12fc1],
  ['f2fs', 0xf2f52010],
])('%s is local', (_name, magic) => {
  expect(networkFileSystem({ magic })).toBeUndefined();
});

test.each([
  ['fuse.sshfs', 'fuse.sshfs'],
  ['fuse.s3fs', 'fuse.s3fs'],
  ['fuse.glusterfs', 'fuse.glusterfs'],
  [undefined, 'FUSE'],
])('FUSE of type %s is refused as %s', (mountType, name) => {
  expect(networkFileSystem({ magic: 0x65735546, mountType })).toBe(name);
});

test.each(['fuse.fuse-overlayfs', 'virtiofs', 'fuseblk'])('FUSE of type %s is local', (mountType) => {
  expect(networkFileSystem({ magic: 0x65735546, mountType })).toBeUndefined();
});
