/**
 * Is a file system shared over a network? SQLite's locks and shared memory cannot be trusted there.
 *
 * Linux tells by the `f_type` of statfs(2); the numbers are those of <linux/magic.h> and, for file systems
 * outside the kernel, of their own headers (as coreutils' `stat` lists them). FUSE is one number for many
 * file systems, local and remote: there the mount's type tells (`fuse.sshfs`), and what is not known to be
 * local counts as remote.
 */
const NETWORK: Readonly<Record<number, string>> = {
  0x6969: 'NFS',
  0x517b: 'SMB',
  0xfe534d42: 'SMB2',
  0xff534d42: 'CIFS',
  0x0bd00bd0: 'Lustre',
  0x47504653: 'GPFS (Spectrum Scale)',
  0x19830326: 'BeeGFS',
  0x00c36400: 'Ceph',
  0x5346414f: 'AFS',
  0x6b414653: 'AFS',
  0x01021997: '9p',
  0x73757245: 'Coda',
  0x564c: 'NCP',
  0x7461636f: 'OCFS2',
  0x01161970: 'GFS2',
  0xaad7aaea: 'PanFS',
  0x20030528: 'OrangeFS',
  0x013111a8: 'IBRIX',
  0x61636673: 'ACFS',
  0xbeefdead: 'SNFS',
  0xbacbacbc: 'VMware shared folders',
  0x786f4256: 'VirtualBox shared folders',
};
const FUSE = 0x65735546;

/** FUSE file systems whose data are on this machine. `virtiofs` is a virtual machine's own disk. */
const LOCAL_FUSE = new Set([
  'virtiofs',
  'fuseblk',
  'fuse.fuse-overlayfs',
  'fuse.mergerfs',
  'fuse.bindfs',
  'fuse.gocryptfs',
  'fuse.encfs',
  'fuse.ntfs-3g',
  'fuse.unionfs-fuse',
  'fuse.zfs-fuse',
  'fuse.lxcfs',
]);

/** What statfs and the mount table say of a folder. */
export interface FileSystemType {
  /** `f_type` of statfs(2). */
  readonly magic: number;
  /** Type of the mount in /proc/self/mountinfo; needed for FUSE only. */
  readonly mountType?: string | undefined;
}

/** Name of the network file system, or undefined if the file system is local as far as anyone can tell. */
export function networkFileSystem(type: FileSystemType): string | undefined {
  const magic = type.magic >>> 0;
  if (magic !== FUSE) return NETWORK[magic];
  if (type.mountType !== undefined && LOCAL_FUSE.has(type.mountType)) return undefined;
  return type.mountType ?? 'FUSE';
}
