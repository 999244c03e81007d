import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';

/** The machine, in words: `2 × AMD EPYC, 24 GiB, linux 6.1`. */
export function machineText(): string {
  const model = cpus()[0]?.model.trim() ?? 'unknown processor';
  const system = `${platform()} ${release().split('-')[0] ?? ''}`;
  return `${availableParallelism()} × ${model}, ${memoryText()}, ${system}`;
}

export function memoryText(): string {
  return `${Math.round(totalmem() / 2 ** 30)} GiB`;
}
