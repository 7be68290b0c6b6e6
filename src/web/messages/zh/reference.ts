import type { reference as en } from '../en/reference.ts';

export const reference: Readonly<Record<keyof typeof en, string>> = {
  'reference.title': 'API 参考',
  'reference.console': '控制台',
  'reference.heading': '此控制中心的 API',
  'reference.families': '路由',
  'reference.search': '搜索路由',
  'reference.find': '查找',
  'reference.found': '{n} 个路由包含“{text}”。',
  'reference.all': '显示全部',
  'reference.intro':
    '控制台和 fleetvisor 命令所做的一切都在 /api/v1 之下。本页由实际校验请求与响应的模式生成，因此与实际一致。',
  'reference.auth': '身份',
  'reference.authText':
    '示例中 $HUB 为此控制中心的地址，$TOKEN 为令牌。程序发送“authorization: Bearer TOKEN”，令牌来自“fleetvisor login”、设置页面或 POST /tokens。页面使用会话 cookie，除 GET 外都须附上 x-csrf-token。',
  'reference.errors': '错误',
  'reference.errorsText':
    '均为 application/problem+json。其 type 永不改变，并指向说明含义与解决办法的页面；“problems”列出每一处错误。',
  'reference.fresh': '多人修改',
  'reference.freshText':
    '读取机群、主机、进程、操作、用户和设置时会给出 ETag：作为 If-None-Match 发送，未变化时得到 304；在 PATCH 时作为 If-Match 发送，若他人已修改则得到 412。Idempotency-Key 使发起操作可以安全重试。',
  'reference.streams': '流',
  'reference.streamsText':
    '日志以 JSON 行返回，事件以服务器推送事件返回，并从您发送的 Last-Event-ID 之后继续。',
  'reference.limits': '限制',
  'reference.limitsText': '修改、搜索和下载按用户和地址计数。RateLimit 说明剩余次数；429 附带 Retry-After。',
  'reference.shapes': '数据结构',
  'reference.problems': '问题',
  'reference.parameters': '参数',
  'reference.body': '请求体',
  'reference.answers': '响应',
  'reference.must': '必填',
  'reference.otherwise': '省略时：',
  'reference.open': '对所有人开放。',
  'reference.right': '需要权限',
  'reference.beyond': '超出授权范围时：',
  'reference.means': '含义',
  'reference.mend': '解决办法',
  'reference.noProblem': '没有名为“{slug}”的问题',
};
