/** Hexadecimal digits of a digest: 64 bits, which chance does not hit. */
export const DIGEST_LENGTH = 16;

/** What a source file is, as far as its fingerprint goes. */
export interface SourceFile {
  /** Of its bytes, hexadecimal. */
  readonly digest: string;
  /** What it imports, as it says it. */
  readonly imports: readonly string[];
}

/** Where an import leads. */
export type ImportTarget =
  /** A file of the project, there or not. */
  | { readonly type: 'file'; readonly path: string }
  /** A package from outside the project. */
  | { readonly type: 'package'; readonly name: string; readonly version: string }
  /** A package that is not installed. */
  | { readonly type: 'missing'; readonly specifier: string }
  /** Part of Node.js, or code that stands in the import itself. */
  | { readonly type: 'none' };

/** How the fingerprint of code reads files, so that it need not know the file system. */
export interface CodeFiles {
  /** Undefined if there is no such file. */
  read(path: string): SourceFile | undefined;
  resolve(specifier: string, importer: string): ImportTarget;
  /** The name of a file in the record. */
  nameOf(path: string): string;
}
