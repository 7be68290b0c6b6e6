export { decodeCall, decodeResponse, type XmlRpcCall, type XmlRpcReply } from './decode.ts';
export { encodeCall, encodeFault, encodeResponse, type XmlRpcFault } from './encode.ts';
export { KEPT, KeptText } from './kept-text.ts';
export { CALL_LIMITS, REPLY_LIMITS, type XmlRpcLimits } from './limits.ts';
export { MalformedXmlRpc } from './malformed.ts';
export type { XmlRpcValue } from './value.ts';
