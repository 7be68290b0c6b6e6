export * from './faults.ts';
export * from './info.ts';
export * from './namespec.ts';
export * from './states.ts';
export * from './uplink.ts';
