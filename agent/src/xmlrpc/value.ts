/**
 * What a message can carry. `base64` arrives as its text and a dateTime as written, because that is
 * all a supervisor ever does with them. Structs have no prototype, so no member name means anything.
 */
export type XmlRpcValue =
  | string
  | number
  | boolean
  | null
  | readonly XmlRpcValue[]
  | { readonly [member: string]: XmlRpcValue };
