import type { Phrases } from './phrases.ts';

/** What is refused of schedules. */
export const schedulePhrases: Phrases = [
  [/^a schedule of this takes the word (.+)$/, '这样的计划任务需要输入 $1'],
  [/^"(.*)" is no time zone$/, '"$1" 不是时区'],
  [/^Write it like Europe\/Berlin, or UTC\.$/, '请写成 Asia/Shanghai 的形式，或 UTC。'],
  [/^"(.*)" has not five fields$/, '"$1" 不是五个字段'],
  [
    /^Write minute, hour, day, month and weekday, as in "0 3 \* \* \*", or @daily\.$/,
    '请依次写分、时、日、月、星期，例如 "0 3 * * *"，或 @daily。',
  ],
  [/^"(.*)" cannot be read: (.+)$/, '无法读取 "$1"：$2'],
  [/^As in "0 3 \* \* \*": every day at 03:00\.$/, '例如 "0 3 * * *"：每天 03:00。'],
  [/^"(.*)" never comes$/, '"$1" 永远不会到来'],
  [/^Give a day that there is\.$/, '请写一个存在的日期。'],
  [/^there are (\d+) schedules already$/, '已有 $1 个计划任务'],
  [/^its name was given to another one$/, '其名称已被另一个使用'],
  [/^it may touch what is beyond your rights$/, '它可能涉及您权限以外的对象'],
  [
    /^(.+), in whose rights it runs, is gone, disabled, or not vouched for lately$/,
    '它以 $1 的权限运行，而该用户已不存在、被禁用，或近期未被确认',
  ],
  [
    /^in (.+) a second person has to approve, which no schedule can wait for$/,
    '$1 中的操作须由第二人批准，计划任务无法等待批准',
  ],
];
