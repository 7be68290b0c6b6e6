/** Whole passwords from leaks, some 49,000: only who chooses one makes the hub load them. */
let leaked: Promise<ReadonlySet<string>> | null = null;

export function leakedPasswords(): Promise<ReadonlySet<string>> {
  leaked ??= import('@zxcvbn-ts/language-common/src/passwords.json', { with: { type: 'json' } }).then(
    ({ default: list }) => new Set(list),
  );
  return leaked;
}

/**
 * What most passwords of every leak are made of, in a dozen languages: words, names, teams, heroes, keys in a row. A
 * password may hold one, or two together, only with more than digits and signs around it.
 */
const WORDS = new Set(
  `
  aaa abc abcabc abcd abcde abcdef abcdefg abcdefgh abdullah abracadabra access accessgranted admin
  adminadmin administrador administrateur administrator adminpass ahmed airborne ajax alaska alexander
  alexandra alexandre alexis always amanda amazon america american amorcito amoreterno amour andrea andrew
  angel angela angels ansible anthony anything apollo apple apples april arsenal asd asdasd asdf asdfasdf
  asdfgh asdfghjkl ashley assassin asshole athena august austin autumn avengers azerty azertyuiop baby
  babyboy babygirl backup bacon bailey bambi banana barbara barbie barcelona barney bart baseball basketball
  batman batterystaple bayern bear bears beatles beautiful beckham beijing believe benfica benjamin berlin
  bestfriend bigdick bitch biteme black blackcat blackjack blessed blink blizzard blue bmw bonheur bonita
  bonjour boston brandon brasil brasileiro brazil brian brittany brother bulldog bulldogs bullshit business
  buster butter butterfly california callofduty camaro canada candy captain captainamerica carolina
  catherine catwoman celtic centos champion champions change changeit changeme changemenow charles charlie
  cheese chelsea cherry chevrolet chicago chicken china chloe chocolate chouchou christ christian christina
  christopher cinderella cisco claudia cobra coconut college commander company computer contrasena
  contrasenya cookie cookies corinthians correcthorse correcthorsebatterystaple corvette counterstrike
  cowboys crazy cricket cristiano cristina crystal cupcake cute cutie daddy dallas dancer dancing daniel
  daniela danielle darthvader database david deadpool debian december default defaultpassword demo denver
  deutschland developer development diamond diamonds diesel dmitry docker doctor doggie dollar dolphin
  dolphins donald donkey dontknow dortmund doudou dragon dragonball dragons drummer ducati dumbledore eagle
  eagles eduardo elephant elizabeth elsa emerald emily eminem emma engineer engineering england estrella
  everton everything example facebook faith falcon falcons family father february felicidade fenerbahce
  fernando ferrari fire firefire fishing flamengo fleetvisor fleetvisord florida flower flowers football
  forever fortnite france francisco freedom friday friend friends friendship frodo frozen fruhling fuckme
  fuckoff fuckyou funny fussball futbol gabriel gabriela galatasaray galaxy gandalf garfield geheim general
  george germany ginger giraffe gladiator god godisgood godzilla gold golden golf golfer goodbye goodluck
  goodmorning google gorgeous grandma green guest guitar hallihallo hallo hallohallo hamburger hannah
  happiness happy happyday harley harleydavidson harry harrypotter haslo hawaii hawk heather heaven hello
  hellohello hellokitty hellothere helloworld herbst hermione hermosa hobbit hockey hocuspocus homer honda
  honey hope horse horses hottie hugs hulk hunter hunting hurricane husband icecream icecube ichliebedich
  idontknow ilovegod iloveme ilovemyself iloveu iloveyou iloveyoubaby iloveyouso india inferno instagram
  internet intranet ironman isabella ivan james january jasmine jason jedi jenkins jennifer jessica jesus
  jesuschrist jetaime job joker jonathan jordan joseph joshua juliana july june jupiter justin juventus
  katherine kawasaki kevin killer king kingdom kisses kitten kitty knight koala kubernetes lakers laptop
  lauren lawyer lemon letmein letmeinnow letmeinplease liberty library liebe lightning linkedin linux lion
  lions liverpool login loginlogin london losenord loser loulou love lovelove lovely loveme lover loveyou
  lozinka lucky madison madrid maggie mamapapa manager manchester maradona march margaret maria mariana
  marina marine mario mariposa married marseille master mastermind masters matrix matthew mausi melanie
  melissa mercedes mercury merlin messi metallica meuamor mexico michael michelle mickey mickeymouse
  micorazon microsoft midnight miguel minecraft minnie mississippi mohammed molly mommy monday money
  moneymoney mongodb monica monitor monitoring monkey monkeys moonlight morgan motdepasse mother motorcycle
  muhammad music mustang mylove mypass mypassword mysql naruto natalia natalie natasha nathan nemo network
  nevermind newpass newpassword newyork nicholas nicole nihao ninja nintendo nirvana nissan nobody
  nopassword nothing november number numberone numero nurse october office oldpassword olivia opensesame
  operator oracle orange orchid packers panda panther panthers paris parola pass passe passkey passpass
  passphrase passw0rd password passwordpassword passwort pasta patricia peace penguin pepper phoenix piano
  piglet pikachu pirate pizza planet platinum playstation please pokemon police pony poohbear porsche
  postgres potter pretty prince princesa princess private prod production puppy purple pussy python qazwsx
  qazwsxedc queen qwe qweasd qweasdzxc qweqwe qwer qwerqwer qwerty qwertyui qwertyuiop qwertz qwertzuiop
  rabbit rachel racing rafael rainbow rambo ranger rangers raspberry raspberrypi realmadrid reaper rebecca
  red redis redsox ricardo richard robert roberto rocknroll rockstar rocky ronaldo root rootroot rosebud
  rugby russia sabrina salasana samantha sample samsung samurai sandra santos saturday saturn scarlet
  schalke schatz school scooby scoobydoo scorpion sebastian secret secretsecret secure security senha
  september sergeant sergey server service sesame sexsex sexy sexygirl shadow shadows shanghai shark sharks
  silver silvia simba simpson simpsons singer sister skateboard skywalker slipknot smile smiley sniper
  snoopy snowball snowboard snowman soccer soldier soleil somebody something sommer sonic sonnenschein
  sophie sorry spartan speed spider spiderman spongebob spring stage staging starcraft starlight stars
  startrek starwars steelers stephanie stephen steven storm strawberry student stupid subaru success sugar
  summer sunday sunflower sunshine superadmin superman superuser supervisor supervisord support surfing
  suzuki svetlana sweet sweetheart sweetie swimming sysadmin system tatiana taylor teacher teamo temp
  temporary temppassword tennis tequiero terminator test tester testing testpassword testtest testuser texas
  thankyou thepassword thomas thunder thursday tiffany tiger tigers tigger tinker tinkerbell toor topsecret
  tornado toyota transformers trojan truelove trustme trustno trustnoone tuesday tupac turbo turtle twitter
  tyler ubuntu unicorn universe university unodos user username userpassword usuario vader vagrant valentina
  vanessa veronica victoria viewer viking viper vladimir volleyball wachtwoord warcraft warrior webadmin
  wednesday welcome welcomeback welcometo whatever white william windows winner winnie winter wireless
  wizard woaini wolf wolfpack wolverine wolves work workwork wrestling xyz yamaha yankees yellow yoda
  yourpassword youtube zelda zeus zhongguo zxc zxcv zxcvbn zxcvbnm zxczxc
  `
    .trim()
    .split(/\s+/),
);

/** Digits and signs alone, and no more of them: a date, a number of a telephone. */
const LONG_NUMBER = 16;

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

/**
 * Whether a password is among the first that anybody would try, in whatever case and with the usual signs for letters:
 * a leaked password, or a usual word or two, with digits around, a walk over neighbouring keys, a date, one sound again and again, the user's own
 * name or a part of it.
 */
export function isCommonPassword(password: string, userName: string, known: ReadonlySet<string>): boolean {
  const text = password.toLowerCase();
  if (new Set(text).size <= 3 || isRepeated(text) || isRow(text)) return true;
  const bare = [bareOf(text), bareOf(unmasked(text)), unmasked(bareOf(text))];
  if (known.has(text) || bare.some((word) => word.length >= SHORTEST_LEAKED && known.has(word))) return true;
  if ([text, ...bare].some(isWalk)) return true;
  const own = ownWords(userName);
  const isKnown = (word: string): boolean =>
    word === '' ? text.length < LONG_NUMBER : own.has(word) || WORDS.has(word);
  return bare.some((word) => isKnown(word) || isRepeated(word) || isRow(word) || isTwo(word, isKnown));
}

const SHORTEST_PART = 3;
const SHORTEST_LEAKED = 5;

/** `jane.doe`: as it is, in one word, and each part. */
function ownWords(userName: string): ReadonlySet<string> {
  const parts = userName.toLowerCase().split(/[^\p{L}\p{N}]+/u);
  const words = [userName.toLowerCase(), parts.join(''), ...parts, bareOf(parts.join(''))];
  return new Set(words.filter((word) => word.length >= SHORTEST_PART));
}

/** Keys as they lie, by row and column; each row half a key further to the right than the one above. */
const KEYS = new Map(
  ['1234567890-=', 'qwertyuiop[]', "asdfghjkl;'", 'zxcvbnm,./'].flatMap((row, y) =>
    Array.from(row, (key, x) => [key, { x: x + y / 2, y }] as const),
  ),
);
const WALKED = 0.75;
const SHORTEST_WALK = 8;

/** `1qaz2wsx3edc`, `qwe123asd456`, `1q2w3e4r5t`: nearly every key is beside the one before it. */
function isWalk(text: string): boolean {
  if (text.length < SHORTEST_WALK) return false;
  const steps = Array.from(text.slice(1), (key, at) => isBeside(text[at] ?? '', key));
  return steps.filter(Boolean).length / steps.length >= WALKED;
}

function isBeside(one: string, other: string): boolean {
  const [from, to] = [KEYS.get(one), KEYS.get(other)];
  if (from === undefined || to === undefined) return one === other;
  return Math.abs(from.x - to.x) <= 1 && Math.abs(from.y - to.y) <= 1;
}

/** Without the digits and signs people put before and after. */
const bareOf = (text: string): string => text.replace(/^[^a-z]+|[^a-z]+$/g, '');

/** `adminpassword`, `summer-dragon`: two known words, and at most signs and digits between them. */
function isTwo(text: string, isKnown: (word: string) => boolean): boolean {
  for (let at = 3; at <= text.length - 3; at++)
    if (isKnown(bareOf(text.slice(0, at))) && isKnown(bareOf(text.slice(at)))) return true;
  return false;
}

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
