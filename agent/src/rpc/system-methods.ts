import { compareText } from './compare-text.ts';
import { Fault } from './faults.ts';
import { helpText, type Method, type MethodTable, type Param, signature } from './method.ts';
import { KeptResults, multicall } from './multicall.ts';

const NAME: Param = { type: 'string', name: 'name', about: 'Full name of the method' };

/** `system.*`: they look at the table they stand in, and answer in every state. Contract: RPC-033, RPC-039 to RPC-049. */
export function systemMethods(
  table: () => MethodTable,
  call: (method: string, params: readonly unknown[]) => Promise<unknown>,
): Readonly<Record<string, Method>> {
  const known = (name: unknown): Method => {
    const method = typeof name === 'string' ? table().get(name) : undefined;
    if (method === undefined) throw new Fault('SIGNATURE_UNSUPPORTED');
    return method;
  };
  const kept = new KeptResults();
  return {
    listMethods: {
      help: 'Return the names of all methods, sorted.',
      params: [],
      returns: ['array', 'Names'],
      stateCheck: 'never',
      run: () => {
        const listed = [...table()].filter(([, method]) => !method.unlisted);
        return listed.map(([name]) => name).sort(compareText);
      },
    },
    methodHelp: {
      help: 'Return the documentation of a method.',
      params: [NAME],
      returns: ['string', 'Text'],
      stateCheck: 'never',
      run: (_, [name]) => helpText(known(name)),
    },
    methodSignature: {
      help: 'Return the types of a method: what it returns, then its parameters.',
      params: [NAME],
      returns: ['array', 'Type names'],
      stateCheck: 'never',
      run: (_, [name]) => signature(known(name)),
    },
    multicall: {
      help: 'Call methods one after the other, each once the one before has answered.',
      params: [{ type: 'array', name: 'calls', about: 'Structs with methodName and params' }],
      returns: ['array', 'Per call its bare result, or a struct of faultCode and faultString'],
      stateCheck: 'never',
      run: ({ clock }, [calls]) => multicall(calls, call, clock, kept),
    },
  };
}
