/** The frame of the reference of the API; what is made from the API itself is English. */
export const reference = {
  'reference.title': 'API reference',
  'reference.console': 'Console',
  'reference.heading': 'The API of this hub',
  'reference.families': 'Routes',
  'reference.search': 'Search routes',
  'reference.find': 'Find',
  'reference.found': '{n} route holds “{text}”.|{n} routes hold “{text}”.',
  'reference.all': 'Show all',
  'reference.intro':
    'Everything the console and the fleetvisor command do, below /api/v1. Made from the schemas that read and answer, so it says what is so.',
  'reference.auth': 'Who asks',
  'reference.authText':
    'In the lines to try, $HUB is the address of this hub and $TOKEN a token. Programs send “authorization: Bearer TOKEN”, with a token from “fleetvisor login”, the settings page or POST /tokens. Pages have a session cookie and send its x-csrf-token with everything but GET.',
  'reference.errors': 'Errors',
  'reference.errorsText':
    'Each is application/problem+json. Its type never changes and leads to a page that says what it means and how it is mended; “problems” names every place that is wrong.',
  'reference.fresh': 'Changes by two',
  'reference.freshText':
    'GET of the fleet, hosts, processes, actions, users and settings gives an ETag: send it as If-None-Match and get 304 while nothing changed; send it as If-Match with PATCH and get 412 when somebody else changed it meanwhile. An Idempotency-Key makes beginning an action safe to repeat.',
  'reference.streams': 'Streams',
  'reference.streamsText':
    'Logs come as lines of JSON, events as server-sent events that go on exactly after the Last-Event-ID you send.',
  'reference.limits': 'Limits',
  'reference.limitsText':
    'Changes, searches and downloads are counted per person and address. RateLimit says what is left; 429 comes with Retry-After.',
  'reference.shapes': 'Shapes',
  'reference.problems': 'Problems',
  'reference.parameters': 'Parameters',
  'reference.body': 'Body',
  'reference.answers': 'Answers',
  'reference.must': 'required',
  'reference.otherwise': 'left out:',
  'reference.open': 'Open to anyone.',
  'reference.right': 'Takes the right',
  'reference.beyond': 'beyond one’s grants:',
  'reference.means': 'What it means',
  'reference.mend': 'How it is mended',
  'reference.noProblem': 'There is no problem called “{slug}”',
} as const;
