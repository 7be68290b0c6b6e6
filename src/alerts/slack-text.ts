import { type AlertMessage, detailLines } from './message.ts';

const MARKS = {
  opened: { critical: ':red_circle:', warning: ':large_yellow_circle:' },
  repeated: { critical: ':red_circle:', warning: ':large_yellow_circle:' },
  closed: { critical: ':large_green_circle:', warning: ':large_green_circle:' },
} as const;

/** Discord refuses a message of more than 2000 characters. */
const LONGEST = 1_900;
const LONGEST_LINE = 200;

/** The message in Slack's mark-up, as short as every chat takes it. */
export function slackText(message: AlertMessage): string {
  const { reason, severity, says, link, rule } = message;
  const mark = reason === 'test' || severity === null ? '' : `${MARKS[reason][severity]} `;
  const first = `${mark}*${slackWords(says)}*`;
  const last = [
    ...(rule === null ? [] : [`_${slackWords(rule.name)}_`]),
    ...(link === null ? [] : [`<${link}|Fleetvisor>`]),
  ];
  const details = detailLines(message).map((line) => `• ${slackWords(line)}`);
  const room = LONGEST - [first, ...last].join('\n').length;
  return [first, ...fitting(details, room), ...last].join('\n');
}

/** As many of the lines as there is room for, and an ellipsis for the others. */
function fitting(lines: readonly string[], room: number): string[] {
  let left = room;
  const fits = lines.findIndex((line) => {
    left -= line.length + 1;
    return left < 0;
  });
  return fits < 0 ? [...lines] : [...lines.slice(0, Math.max(0, fits - 1)), '…'];
}

/** Text of processes and people as text alone: no link and no call to everybody in it is obeyed. */
function slackWords(text: string): string {
  const short = text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE - 1)}…`;
  return short
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replace(/@(?=here|channel|all|everyone)/gi, '@\u200b')
    .replace(/\p{Cc}+/gu, ' ');
}
