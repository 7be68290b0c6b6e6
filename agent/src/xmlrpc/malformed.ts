/** Bytes that are not an XML-RPC message within the limits given; `message` says what is wrong, never quoting them. */
export class MalformedXmlRpc extends Error {
  constructor(says: string) {
    super(says);
    this.name = 'MalformedXmlRpc';
  }
}
