import type { DatabaseSync } from 'node:sqlite';
import type { RunCommand } from '@sidereal/core';
import { HEARTBEAT_INTERVAL_MS } from '../../lease/holder.ts';
import { toInteger } from '../rows/row.ts';
import type { prepareCommands } from '../sql/command-sql.ts';
import type { prepareJournals } from '../sql/journal-sql.ts';
import type { OpenJournal } from './open-journal.ts';

const COMMAND_INTERVAL_MS = 200;

/** Who is told what the keeper finds. */
export interface LeaseListener {
  /** The lease is another's; `epoch` is its epoch now. */
  fenced(journal: OpenJournal, epoch: number): void;
  commanded(journal: OpenJournal, command: RunCommand): void;
}

/**
 * Renews the leases of open journals every second and looks for commands to them five times a second. A turn
 * that fails (the disk is full, the lock is held) is skipped; the next one does its work.
 */
export class LeaseKeeper {
  private readonly journals: ReturnType<typeof prepareJournals>;
  private readonly commands: ReturnType<typeof prepareCommands>;
  private readonly dataVersion: () => number;
  private readonly listener: LeaseListener;
  private readonly open = new Set<OpenJournal>();
  private readonly delivered = new Set<number>();
  private seenVersion = -1;
  private timers: readonly NodeJS.Timeout[] = [];

  constructor(
    db: DatabaseSync,
    journals: ReturnType<typeof prepareJournals>,
    commands: ReturnType<typeof prepareCommands>,
    listener: LeaseListener,
  ) {
    const version = db.prepare('PRAGMA data_version');
    this.dataVersion = () => toInteger(version.get()?.['data_version']);
    this.journals = journals;
    this.commands = commands;
    this.listener = listener;
  }

  add(journal: OpenJournal): void {
    this.open.add(journal);
    this.seenVersion = -1;
    if (this.timers.length > 0) return;
    this.timers = [
      setInterval(() => this.skipOnFailure(() => this.renew()), HEARTBEAT_INTERVAL_MS),
      setInterval(() => this.skipOnFailure(() => this.listen()), COMMAND_INTERVAL_MS),
    ];
  }

  remove(journal: OpenJournal): void {
    this.open.delete(journal);
    if (this.open.size === 0) this.close();
  }

  close(): void {
    for (const timer of this.timers) clearInterval(timer);
    this.timers = [];
  }

  private renew(): void {
    const nowMs = Date.now();
    for (const journal of this.open) {
      if (journal.fenced || this.journals.heartbeat(journal.runNo, journal.epoch, nowMs)) continue;
      this.listener.fenced(journal, this.journals.position(journal.runNo)?.epoch ?? journal.epoch);
    }
  }

  /** Only another connection's commit can bring a command, and SQLite counts these. */
  private listen(): void {
    const version = this.dataVersion();
    if (version === this.seenVersion) return;
    for (const journal of this.open) {
      if (journal.fenced) continue;
      for (const { id, command } of this.commands.waiting(journal.runNo)) {
        if (!this.delivered.has(id)) this.listener.commanded(journal, command);
        this.delivered.add(id);
        this.commands.deliver(id, Date.now());
        this.delivered.delete(id);
      }
    }
    this.seenVersion = version;
  }

  private skipOnFailure(turn: () => void): void {
    try {
      turn();
    } catch {
      // The disk is full or another process holds the lock: commits meet the same and report it.
    }
  }
}
