import { onDo } from './doers.ts';
import { mutedProblems, muteOnly } from './muted-problems.ts';
import { redraw } from './screen.ts';

onDo('mute', (on) => {
  muteOnly([...mutedProblems(), on.dataset.mute ?? '']);
  redraw();
});
onDo('unmute', () => {
  muteOnly([]);
  redraw();
});
