import type { Explanations } from './explanation.ts';

/** Codes raised by `packages/store`. */
export const STORE_CODES: Explanations = {
  STORE_UNWRITABLE: {
    meaning: 'The folder of the store cannot be written.',
    cause: 'Permissions, a medium that is mounted read-only, a file where the folder should be, or no space.',
    remedy:
      'Give yourself write permission there, or choose another folder: `--store DIR` or SIDEREAL_STORE.',
  },
  STORE_NOT_FOUND: {
    meaning: 'There is no store in this folder.',
    cause:
      'No run was recorded there yet, or it is the wrong folder: the default is .sidereal in the working directory.',
    remedy: 'Run a flow first, or name the folder: `--store DIR` or SIDEREAL_STORE.',
  },
  STORE_ON_NETWORK_FS: {
    meaning: 'The folder of the store is on a network file system.',
    cause:
      'Locks on NFS, Lustre, SMB and the like cannot be trusted with a database: it would be damaged sooner or later.',
    remedy: "Choose a folder on a disk of this machine, such as a node's local scratch disk.",
  },
  STORE_TOO_NEW: {
    meaning: 'A later version of Sidereal has used this store.',
    cause: 'Its database has a schema that this version does not know.',
    remedy: 'Use that version or a later one, or choose another folder.',
  },
  STORE_TOO_OLD: {
    meaning: 'A version of Sidereal wrote this store whose records are no longer read.',
    cause: 'Records of version 1 lack what later ones rely on: the digests of arguments, the order of tasks.',
    remedy:
      'Read it with the Sidereal that wrote it. Move the folder away, or choose another one, to begin with an empty store.',
  },
  STORE_FOREIGN: {
    meaning: 'There is a database in this folder that is not a store of Sidereal.',
    cause: 'Some other program made a file of that name.',
    remedy: 'Choose another folder.',
  },
  STORE_CORRUPT: {
    meaning: 'The database of the store is damaged.',
    cause: 'The disk, a copy made while it was written, or another program.',
    remedy:
      'Run `sidereal doctor`; restore the folder from a copy, or move it away to begin with an empty store.',
  },
  STORE_FULL: {
    meaning: 'The store cannot grow.',
    cause: 'The disk or a quota is full.',
    remedy: 'Free space there, or choose a folder on another disk.',
  },
  STORE_FAILED: {
    meaning: 'The store failed in a way that trying again does not mend.',
    cause: 'The message has what the disk or the database said.',
    remedy: 'Look at the disk; then resume the run: what was acknowledged is safe.',
  },
  STORE_CLOSED: {
    meaning: 'The store is used after it was closed.',
    cause: 'The program closed it while a run was still executed.',
    remedy: 'Close it after the outcome of the run is known.',
  },
  RUN_EXISTS: {
    meaning: 'A run of this id is in the store already.',
    cause: 'Ids are made of the time and of chance; somebody has given this one.',
    remedy: 'Give the new run another id, or resume the one that is there.',
  },
  RUN_NOT_FOUND: {
    meaning: 'The store has no such run.',
    cause: 'The id is mistyped, or it is another store: the default is .sidereal in the working directory.',
    remedy: 'See `sidereal runs`; name the folder with `--store DIR`.',
  },
  RUN_AMBIGUOUS: {
    meaning: 'Several runs begin (or end) with what was given.',
    cause: 'Ids begin with the date and time.',
    remedy: 'Give more of the id; its last six characters are usually enough.',
  },
  RUN_LIVE: {
    meaning: 'Another process executes this run.',
    cause: 'Two processes must not write one journal.',
    remedy:
      'Let it finish, or `sidereal cancel RUN`; if you are sure that the process is lost, `sidereal resume RUN --take-over`.',
  },
  NODE_NOT_FOUND: {
    meaning: 'The run has no such task run.',
    cause: 'The number or key is mistyped, or is of another run.',
    remedy: 'See `sidereal tasks RUN`.',
  },
  NODE_AMBIGUOUS: {
    meaning: 'Several task runs have keys that begin so.',
    cause: 'Too little of the key was given.',
    remedy: 'Give more of it, or the number of the task run.',
  },
  NODE_ENDED: {
    meaning: 'What was to be cancelled has ended already.',
    cause: 'It came to its end before, or just now.',
    remedy: 'See `sidereal show RUN TASK` for how it ended, `sidereal tasks RUN` for what is under way.',
  },
  JOURNAL_FENCED: {
    meaning: 'This process may no longer write the journal of the run.',
    cause: 'Another process has taken the run over.',
    remedy: 'Let that process go on; end this one.',
  },
  JOURNAL_GAP: {
    meaning: 'A batch of the journal came without the one before it.',
    cause: 'A defect in Sidereal: batches are numbered and come in order.',
    remedy: 'Report it with the run id. What was acknowledged is safe.',
  },
  JOURNAL_INVALID: {
    meaning: 'A batch contradicts the journal that it belongs to, and was refused.',
    cause: 'A defect in Sidereal.',
    remedy: 'Report it with the message and the run id. What was acknowledged is safe.',
  },
  JOURNAL_CLOSED: {
    meaning: 'A journal is written after it was closed.',
    cause: 'The run had ended, or was given up.',
    remedy: 'Resume the run to write it again.',
  },
  JOURNAL_ABANDONED: {
    meaning: 'A journal was closed before its last records could be written.',
    cause: 'The disk stayed full, or the store failed.',
    remedy: 'Resume the run: what was not written is done again.',
  },
};
