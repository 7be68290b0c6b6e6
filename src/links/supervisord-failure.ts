import { FAULT_CODES } from '@fleetvisor/agent/protocol';
import { TransportError } from './transport-error.ts';
import { FaultAnswer } from './xmlrpc-call.ts';

/** A fault in place of an answer, as the failure of the link it is. */
export function asTransportError(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  if (!(error instanceof FaultAnswer)) {
    const detail = error instanceof Error ? error.message : String(error);
    return new TransportError('other', { sent: true, detail: `the hub itself failed: ${detail}` });
  }
  if (error.faultCode === FAULT_CODES.SHUTDOWN_STATE)
    return new TransportError('shutting-down', { sent: true });
  if (error.faultCode === FAULT_CODES.UNKNOWN_METHOD) {
    return new TransportError('not-a-supervisor', {
      sent: true,
      detail: ': it has no [rpcinterface:supervisor]',
    });
  }
  return new TransportError('server-error', { sent: true, detail: ` (fault ${error.faultCode})` });
}
