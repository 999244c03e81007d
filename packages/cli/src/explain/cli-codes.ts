import type { Explanations } from './explanation.ts';

/** Codes raised by the command line itself, beyond those that it shares with the store and the engine. */
export const CLI_CODES: Explanations = {
  USAGE: {
    meaning: 'The command line was used in a way that it does not know.',
    cause: 'An unknown command or option, a missing argument, or a value that an option does not take.',
    remedy: 'See `sidereal COMMAND --help`.',
  },
  MODULE_NOT_FOUND: {
    meaning: 'There is no file with the flow.',
    cause:
      'The path is mistyped, or, for `resume` and `retry`, the module is not where it was when the run was started.',
    remedy: 'Give the path of the module; for a recorded run `--module MODULE[:EXPORT]`.',
  },
  MODULE_FAILED: {
    meaning: 'The module with the flow could not be imported.',
    cause:
      'A syntax error, a package that is not installed, or an error thrown at its top level; the cause says which.',
    remedy: 'Mend it; `node` on the same file shows the same error.',
  },
  FLOW_NOT_FOUND: {
    meaning: 'The module has no such flow.',
    cause: 'It exports no flow, or none of this name.',
    remedy:
      "Export it: `export const imageCube = flow({ name: 'image-cube' }, …)`; name it with MODULE:EXPORT.",
  },
  FLOW_AMBIGUOUS: {
    meaning: 'The module exports several flows, and it was not said which to run.',
    cause: 'Only a module with a single flow needs no name.',
    remedy: 'Name it: `sidereal run MODULE:EXPORT`.',
  },
  UNKNOWN_CODE: {
    meaning: '`sidereal explain` does not know this code.',
    cause: 'It is mistyped, comes from another program, or from another version of Sidereal.',
    remedy: '`sidereal explain` lists all codes.',
  },
  UNSUPPORTED_NODE: {
    meaning: 'This Node.js is too old.',
    cause: 'Sidereal needs version 24 or later: it uses its type stripping, its SQLite and `using`.',
    remedy: 'Install a later Node.js.',
  },
};
