import { runnerContract } from '../testing/runner.contract.ts';
import { threadsRunner } from './threads-runner.ts';

runnerContract('threads', (size) => threadsRunner({ size }));
