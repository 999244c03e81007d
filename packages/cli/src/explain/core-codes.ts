import type { Explanations } from './explanation.ts';

const DEFECT =
  'Report it with the message, the run id and what `sidereal --version` says; keep the folder of the store.';

/** Codes raised by `packages/core`. */
export const CORE_CODES: Explanations = {
  INTERNAL: {
    meaning: 'Sidereal came upon something that cannot be.',
    cause: 'A defect in Sidereal, not in your flow.',
    remedy: DEFECT,
  },
  INVALID_DURATION: {
    meaning: 'A length of time cannot be read, or is negative.',
    cause: 'Durations are milliseconds as a number, or a number with one of the units ms, s, m, h and d.',
    remedy: "Write for example 250, '250ms', '2s', '1.5h' or '1d'.",
  },
  INVALID_SIZE: {
    meaning: 'An amount of memory cannot be read, or is negative.',
    cause: 'Sizes are bytes as a number, or a number with one of the units B, KB, MB, GB, KiB, MiB and GiB.',
    remedy: "Write for example 65536, '200MiB' or '1.5GiB'.",
  },
  INVALID_TRANSITION: {
    meaning: 'A run was about to go from one state to another that may not follow it.',
    cause:
      'A defect in Sidereal: one table says which states may follow which, and nothing may go around it.',
    remedy: DEFECT,
  },
  INVARIANT_BROKEN: {
    meaning: 'A check of the scheduler failed. It is only made in validate mode.',
    cause: 'A defect in Sidereal.',
    remedy: DEFECT,
  },
  INVALID_RECORD: {
    meaning: 'Something cannot be written into the journal as it is.',
    cause: 'A defect in Sidereal: a number outside of its range, or a key of the wrong length.',
    remedy: DEFECT,
  },
  BATCH_TOO_LARGE: {
    meaning: 'A batch of journal records is larger than the journal format allows.',
    cause: 'A defect in Sidereal: batches are sent long before they are so large.',
    remedy: DEFECT,
  },
  JOURNAL_CORRUPT: {
    meaning: 'A batch of the journal is not what was written.',
    cause: 'The disk, a copy that was cut short, or another program has changed the database.',
    remedy: 'Run `sidereal doctor`; restore the folder of the store from a copy.',
  },
  JOURNAL_TOO_NEW: {
    meaning: 'A later version of Sidereal wrote this journal.',
    cause: 'Journals can be read by the version that wrote them and by later ones, not by earlier ones.',
    remedy: 'Use that version or a later one.',
  },
  UNSUPPORTED_PLATFORM: {
    meaning: 'This machine stores numbers with the most significant byte first.',
    cause: 'The journal format is little-endian.',
    remedy: 'Use a little-endian machine, such as x86-64 or arm64.',
  },
};
