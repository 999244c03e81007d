import type { Element, OptionalElement } from '../elements/element.ts';

/**
 * A section of a batch: rows of one kind, as columns in the order in which they lie in its bytes. A column is
 * added at the end; a reader that does not know it ignores it, and one that misses it reads its default.
 */
export interface Section<Columns extends SectionColumns = SectionColumns> {
  /** Its number in batches, never used for anything else. */
  readonly kind: number;
  readonly columns: Columns;
}

export type SectionColumns = Readonly<Record<string, Element<unknown, unknown>>>;

/** A row as it is read back: every field is there. */
export type RowOf<Columns extends SectionColumns> = {
  readonly [Name in keyof Columns]: ReturnType<Columns[Name]['field']>;
};

/** A row as it is given to a builder: optional fields may be left out. */
export type GivenRow<Columns extends SectionColumns> = {
  readonly [
    Name in keyof Columns as Columns[Name] extends OptionalElement<unknown, unknown> ? never : Name
  ]: ReturnType<Columns[Name]['field']>;
} & {
  readonly [
    Name in keyof Columns as Columns[Name] extends OptionalElement<unknown, unknown> ? Name : never
  ]?: ReturnType<Columns[Name]['field']> | undefined;
};

/** The rows of a decoded section as columns. */
export type SectionCells<Columns extends SectionColumns> = { readonly count: number } & {
  readonly [Name in keyof Columns]: ReturnType<Columns[Name]['read']>;
};
