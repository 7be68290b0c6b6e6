/** Words that begin most leaked passwords. Long ones only: what is short is refused for its length. */
const WORDS = new Set(
  `password passwort passw0rd motdepasse contrasena senha administrator admin adminadmin administrador root toor
  welcome welcometo letmein letmeinnow changeme changemenow changeit iloveyou iloveyouso ilovegod trustno qwerty
  qwertyuiop qwertz qwertzuiop azerty azertyuiop asdfghjkl asdfasdf zxcvbnm qazwsx qazwsxedc dragon monkey master
  football baseball basketball superman batman spiderman sunshine princess starwars whatever shadow michael
  jennifer jordan hunter freedom computer internet samsung google facebook linkedin minecraft pokemon chocolate
  secret secretsecret topsecret default defaultpassword guest login test testtest testing testpassword example
  temporary temppassword supervisor supervisord fleetvisor fleetvisord server production staging operator
  passwordpassword mypassword yourpassword thepassword newpassword nopassword correcthorsebatterystaple
  correct-horse-battery-staple`.split(/\s+/),
);

const ROWS = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiopasdfghjklzxcvbnm',
  'qwertzuiopasdfghjklyxcvbnm',
];
const LOOKALIKES: Readonly<Record<string, string>> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
};

/** Whether a password is among the first that anybody would try: a leaked word with a tail, a row of keys, one sound again and again. */
export function isCommonPassword(password: string, userName = ''): boolean {
  const text = password.toLowerCase();
  if (new Set(text).size <= 3 || isRepeated(text) || isRow(text)) return true;
  const bare = [bareOf(text), bareOf(unmasked(text)), unmasked(bareOf(text))];
  const own = userName.toLowerCase();
  return bare.some((word) => WORDS.has(word) || word === own || isRepeated(word) || isRow(word));
}

/** Without the digits and signs people put before and after. */
const bareOf = (text: string): string => text.replace(/^[^a-z]+|[^a-z]+$/g, '');

function unmasked(text: string): string {
  return Array.from(text, (char) => LOOKALIKES[char] ?? char).join('');
}

/** `abcabcabcabc`: one part of at most half its length, over and over. */
function isRepeated(text: string): boolean {
  return text.length >= 6 && `${text}${text}`.indexOf(text, 1) < text.length;
}

function isRow(text: string): boolean {
  if (text.length < 6) return false;
  const back = Array.from(text).reverse().join('');
  return ROWS.some((row) => row.includes(text) || row.includes(back));
}
