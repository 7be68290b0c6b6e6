import type { Phrases } from './phrases.ts';

/** What is refused of alerts, their rules and channels. */
export const alertPhrases: Phrases = [
  // The rules that are there from the start, as long as they keep their names.
  [/^A process is FATAL$/, '进程处于 FATAL'],
  [/^A process flaps$/, '进程反复重启'],
  [/^A host is unreachable$/, '主机无法访问'],
  [/^the alert is closed$/, '该告警已关闭'],
  [/^is the `next` of the page before$/, '应为上一页的 next'],
  [/^there are (\d+) rules already$/, '已有 $1 条规则'],
  [/^there are (\d+) channels already$/, '已有 $1 个渠道'],
  [/^Remove one first\.$/, '请先删除一个。'],
  [/^(.+) is no channel$/, '渠道 $1 不存在'],
  [/^Give the id of one that is there\.$/, '请填写现有渠道的 ID。'],
  [/^is not an address a message can be sent to$/, '不是可以发送消息的地址'],
  [
    /^Write https:\/\/HOST\/PATH, as the receiver shows it\.$/,
    '请写 https://HOST/PATH，即接收方显示的地址。',
  ],
  [/^has a user name or password in it$/, '其中包含用户名或密码'],
  [
    /^Leave it out: a webhook is known by its path and its signature\.$/,
    '请去掉：Webhook 由其路径和签名识别。',
  ],
  [/^is link-local, multicast or a cloud metadata address$/, '是链路本地、多播或云元数据地址'],
  [/^Use the address of the receiver itself\.$/, '请使用接收方自身的地址。'],
  [/^Give the address of the receiver\.$/, '请填写接收方的地址。'],
  [/^would send the password in the clear$/, '会以明文发送密码'],
  [/^Take tls or starttls, or leave out the user name\.$/, '请选择 tls 或 starttls，或去掉用户名。'],
  [/^a channel of the kind (\S+) has no (\S+)$/, '$1 类型的渠道没有 $2'],
  [/^an address like ops@example\.com$/, '应为 ops@example.com 这样的地址'],
  [/^a host name or an IP address$/, '应为主机名或 IP 地址'],
  [/^the channel is disabled$/, '该渠道已停用'],
  [
    /^more than (\d+) messages waited for this channel: the oldest gave way$/,
    '等待此渠道的消息超过 $1 条：最旧的已让位',
  ],
];
