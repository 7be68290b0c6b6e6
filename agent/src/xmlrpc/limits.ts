/** What a message may cost to read. Beyond any of them it is malformed. */
export interface XmlRpcLimits {
  /** Size of the whole message in bytes. */
  readonly maxBytes: number;
  /** Arrays and structs inside each other. */
  readonly maxDepth: number;
  /** Values altogether, scalars and containers. */
  readonly maxValues: number;
}

/** For calls, which anybody may send. */
export const CALL_LIMITS: XmlRpcLimits = { maxBytes: 2 * 1024 * 1024, maxDepth: 32, maxValues: 50_000 };

/** For replies of a supervisor that was asked: 10,000 processes fit several times. */
export const REPLY_LIMITS: XmlRpcLimits = { maxBytes: 64 * 1024 * 1024, maxDepth: 32, maxValues: 2_000_000 };
