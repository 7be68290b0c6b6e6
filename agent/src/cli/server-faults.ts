/** The supervisor answered a call with a fault. */
export class RpcFault extends Error {
  readonly faultCode: number;
  readonly faultString: string;

  constructor(faultCode: number, faultString: string) {
    super(`<Fault ${faultCode}: '${faultString}'>`);
    this.faultCode = faultCode;
    this.faultString = faultString;
  }
}

/** The server answered HTTP, but not 200. */
export class HttpRefusal extends Error {
  readonly status: number;

  constructor(status: number, reason: string) {
    super(`<ProtocolError for 127.0.0.1/RPC2: ${status} ${reason}>`);
    this.status = status;
  }
}

/** An answer arrived that no supervisor would give. */
export class StrangeAnswer extends Error {}

/** No connection: `code` is the system's (`ECONNREFUSED`, `ENOENT`, `ENOTFOUND`, …). */
export class Unconnected extends Error {
  readonly code: string;

  constructor(code: string, says: string) {
    super(says);
    this.code = code;
  }
}

/** Throws the error on unless it is one of these faults; answers its number. */
export function whenFault(error: unknown, ...codes: readonly number[]): number {
  if (error instanceof RpcFault && codes.includes(error.faultCode)) return error.faultCode;
  throw error;
}
