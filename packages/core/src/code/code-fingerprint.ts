/**
 * What the code of a module was when a run used it: the module's own file, the project's files that it reaches
 * by imports, and the packages that they import. Kept with the run, so that a resume can tell which file has
 * changed since.
 *
 * Any change of a file counts, also of its comments and its format: a digest of the bytes cannot be wrong about
 * what was meant.
 */
export interface CodeFingerprint {
  /** The module's name in the record, as in task keys. */
  readonly module: string;
  /** Digest of all that follows, hexadecimal. */
  readonly digest: string;
  /** By path, from the project's root, with `/`. */
  readonly files: readonly FileDigest[];
  /** `name@version` of each package that the files import, in order. */
  readonly packages: readonly string[];
}

/** A file and its content. */
export interface FileDigest {
  readonly path: string;
  /** Hexadecimal; empty if something imports the file and it is not there. */
  readonly digest: string;
}

/** Modules of a run whose code is to be fingerprinted. */
export interface FingerprintRequest {
  /** The project's root, an absolute path. */
  readonly root: string;
  readonly modules: readonly {
    /** Its name in the record. */
    readonly module: string;
    /** URL of its file. */
    readonly url: string;
  }[];
}

/** Stands for the version of a package that is imported and not there. */
export const NOT_INSTALLED = 'not installed';
