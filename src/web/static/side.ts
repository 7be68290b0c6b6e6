import { onDo } from './doers.ts';
import { remember } from './page-root.ts';

/** Folds the side away, or lays it over the page where there is no room beside it. */
export function foldSide(): void {
  const { dataset } = document.documentElement;
  const narrow = matchMedia('(max-width: 1100px)').matches;
  if (narrow) {
    if (dataset.side === 'open') delete dataset.side;
    else dataset.side = 'open';
    return;
  }
  if (dataset.side === 'folded') delete dataset.side;
  else dataset.side = 'folded';
  remember('side', dataset.side ?? 'shown');
}

onDo('side', foldSide);
