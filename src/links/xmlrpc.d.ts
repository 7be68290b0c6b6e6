declare module 'xmlrpc' {
  import type { RequestOptions } from 'node:http';

  interface Client {
    methodCall(
      method: string,
      params: readonly unknown[],
      done: (error: unknown, value: unknown) => void,
    ): void;
  }
  const xmlrpc: {
    createClient(options: RequestOptions): Client;
    createSecureClient(options: RequestOptions): Client;
  };
  // biome-ignore lint/style/noDefaultExport: a CommonJS module has no other
  export default xmlrpc;
}
