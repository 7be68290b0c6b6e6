declare module 'fleetvisor:templates' {
  export const install: import('../templates.ts').Install;
}
declare module 'handlebars/dist/cjs/handlebars.runtime.js' {
  export function create(): import('../templates.ts').TemplateRuntime;
}
