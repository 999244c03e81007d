import type { SQLInputValue } from 'node:sqlite';

/** Conditions of a query, joined by AND, with what they bind. */
export class Where {
  private readonly conditions: string[] = [];
  readonly values: SQLInputValue[] = [];

  /** Adds a condition with its `?`s. */
  and(condition: string, ...values: readonly SQLInputValue[]): this {
    this.conditions.push(condition);
    this.values.push(...values);
    return this;
  }

  /** Adds `column IN (…)`; undefined means no condition, an empty list matches nothing. */
  in(column: string, values: readonly number[] | undefined): this {
    if (values === undefined) return this;
    return this.and(`${column} IN (${values.map(() => '?').join(', ')})`, ...values);
  }

  get sql(): string {
    return this.conditions.length === 0 ? '' : `WHERE ${this.conditions.join(' AND ')}`;
  }
}
