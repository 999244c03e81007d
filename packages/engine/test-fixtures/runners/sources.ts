/** Classes of a module that defines no task. */
export class Source {
  flux: number;
  constructor(flux: number) {
    this.flux = flux;
  }
  get isBright(): boolean {
    return this.flux > 1;
  }
}
export class FarSource extends Source {
  distance = 1e6;
}
export const makeSource = (flux: number): FarSource => new FarSource(flux);
