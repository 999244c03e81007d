import { availableParallelism } from 'node:os';
import { STAGES } from '../pipeline/products/stage-name.ts';

export const HELP = `The nine-stage example pipeline of a radio interferometer: calibrates a simulated observation, images its
lines and its continuum, and says how well it did; or makes images of real observations.

  npm start                            all nine stages on a simulated observation
  npm start -- --mode MODE             all · cube · cont · contselfcal · calibration        (all)
  npm start -- --only STAGE --inputs RUN        a stage alone, on what an earlier run left
  npm start -- --uvfits FILE …         image a real observation: UVFITS files, or observation folders; of several
                                       files, and of very long baselines, by hybrid mapping with self-calibration
                                       (--mode image and --mode hybrid choose)
  npm start -- --mode image            image a simulated observation of a perfect instrument directly
  npm start -- --resume RUN            go on with a run that was interrupted

stages: ${STAGES.slice(0, 5).join(', ')},
        ${STAGES.slice(5).join(', ')}

which stages run (several: with commas, or the option again)
  --only STAGE …   these and no others
  --from STAGE     this and those after it            --until STAGE   this and those before it
  --skip STAGE …   not these
  --inputs DIR|RUN products of the stages that do not run      (default: the folder of --out)

everywhere
  --out DIR        where products go                           (default: products/<run>)
  --threads N      threads that work at once                   (default: one a core, ${availableParallelism()} here)

the simulated observation
  --seed N         of its noise, its interference and its failures       (1)
  --channels N     channels of 125 kHz in each spectral window          (32)
  --spws N         spectral windows                                      (2)
  --fields N       targets                                               (1)
  --antennas N     in a Y of three equal arms: a multiple of three      (18)
  --visits N       visits to each target                                 (5)
  --no-line        no spectral line: there is no cube to make
  With more than 2000 channels in all (channels × spws × fields) the defaults are 9 antennas, 2 visits and images
  of 64 pixels of 8 arcseconds: tens of thousands of small tasks.

what goes wrong
  --failures[=STAGE,…]    tasks of these stages (none named: of all) fail at random, and are tried again
  --failure-rate P        probability that one attempt fails             (0.2)
  --positions MOOD        the antenna-position service answers: ok · none · rubbish · silent · down   (ok)
  --services URL          ask real services instead of simulated ones
  --fail-spw N            the cube of this spectral window fails
  --on-spw-failure WHAT   abort · continue with the others               (abort)

images and solvers
  --size PIXELS    side of an image, a power of two                    (128)
  --cell ARCSEC    side of a pixel                                       (4)
  --robust R       weighting from uniform (-2) to natural (2)          (0.5)
  --gain-snr S     a window this strong is solved for phases on its own (10)
  --selfcal-snr S  an image this strong is self-calibrated              (20)
  --selfcal-cycles N  at most                                            (3)

Runs are recorded in .sidereal, or the folder that SIDEREAL_STORE names: see \`npx sidereal runs\`.
Exit code: 0 done · 1 the run failed · 2 wrong options, or no such file · 3 cancelled (Ctrl-C)
           6 the store cannot be used · 7 no space for the record · 130, 143 ended by a second signal
SIDEREAL_DEBUG=1 adds stack traces to errors.
`;
