/** Counts the jobs that the workers report as completed. */
export class Counter {
  count = 0;
  private onCount: (() => void) | undefined;

  add(jobsCompleted: number): void {
    this.count += jobsCompleted;
    this.onCount?.();
  }

  reset(): void {
    this.count = 0;
  }

  until(target: number): Promise<void> {
    return new Promise((resolve) => {
      this.onCount = () => {
        if (this.count >= target) resolve();
      };
      this.onCount();
    });
  }
}
