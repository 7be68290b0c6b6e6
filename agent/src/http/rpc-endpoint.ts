import { Fault } from '../rpc/faults.ts';
import {
  CALL_LIMITS,
  decodeCall,
  encodeFault,
  encodeResponse,
  MalformedXmlRpc,
  type XmlRpcCall,
} from '../xmlrpc/index.ts';
import { answer, answerError, refuse } from './answers.ts';
import { announcedLength, readBody } from './body.ts';
import type { Exchange } from './exchange.ts';
import { isForeign } from './page-origin.ts';

/** An XML-RPC call: refused before its body is read, or answered when its method is done. Contract: RPC-001 to RPC-019. */
export async function serveRpc(exchange: Exchange): Promise<void> {
  const { req, res } = exchange;
  // no browser page of another site has business here; what is no browser sends neither header
  if (isForeign(req)) return refuse(req, res, 403);
  const announced = announcedLength(req, CALL_LIMITS.maxBytes);
  if (typeof announced === 'number') return refuse(req, res, announced);
  if (req.headers.expect !== undefined) res.writeContinue();
  const call = readCall(exchange, await readBody(req));
  if (call === null) return answerError(res, 400);
  const reply = await run(exchange, call);
  if (!exchange.context.hasRoomFor(reply.length)) return answerError(res, 503);
  answer(res, 200, { 'Content-Type': 'text/xml' }, reply);
}

function readCall({ context }: Exchange, body: Buffer): XmlRpcCall | null {
  try {
    return decodeCall(body);
  } catch (error) {
    if (!(error instanceof MalformedXmlRpc)) throw error;
    context.log.error(`XML-RPC request data (${body.length} bytes) is invalid: ${error.message}`);
    return null;
  }
}

async function run({ context }: Exchange, { method, params }: XmlRpcCall): Promise<Buffer> {
  try {
    return encodeResponse(await context.methods.call(method, params));
  } catch (error) {
    if (error instanceof Fault) return encodeFault(error);
    throw error;
  }
}
