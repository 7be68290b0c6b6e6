import type { signOn as english } from '../en/sign-on.ts';

/** 登录页上的单点登录。 */
export const signOn: Readonly<Record<keyof typeof english, string>> = {
  'signin.directory': '目前无法询问保存您密码的目录服务。',
  'signin.directoryMend': '控制中心自己保存的密码仍可使用。请稍后再试：',
  'signon.or': '或',
  'signon.goOn': '已登录，继续',
  'signon.not-begun': '此次登录不是在这个浏览器中开始的，或耗时过长。',
  'signon.not-begun.mend': '请用下面的按钮重新开始。',
  'signon.unreachable': '目前无法联系单点登录提供方。',
  'signon.unreachable.mend': '仍可使用控制中心的密码登录。请稍后再试：',
  'signon.refused': '提供方未允许您登录。',
  'signon.refused.mend': '它的说明：',
  'signon.untrue': '提供方返回的内容不可信。',
  'signon.untrue.mend': '没有任何人登录。请告知控制中心的管理员：',
  'signon.no-role': '已确认您的身份，但您所在的组在这里没有任何权限。',
  'signon.no-role.mend': '请让控制中心的管理员为其中一个组授予角色。您的组：',
  'signon.taken': '这里已有同名的另一个账户，不会被接管。',
  'signon.taken.mend': '请让控制中心的管理员允许它以这种方式登录：',
  'signon.disabled': '您在这里的账户已停用。',
  'signon.disabled.mend': '请联系控制中心的管理员。',
  'signon.bad-name': '提供方给出的名字在这里不能使用。',
  'signon.bad-name.mend': '管理员可以改用另一个声明。该名字是：',
};
