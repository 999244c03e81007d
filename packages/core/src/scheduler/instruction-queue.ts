import type { Instruction } from './instructions.ts';

/** The instructions that wait for the shell, in order. */
export class InstructionQueue {
  #instructions: Instruction[] = [];

  get isEmpty(): boolean {
    return this.#instructions.length === 0;
  }

  push(instruction: Instruction): void {
    this.#instructions.push(instruction);
  }

  /** All since the last call. */
  take(): Instruction[] {
    const taken = this.#instructions;
    this.#instructions = [];
    return taken;
  }
}
