import type { MessageKey } from './en.ts';

/** 简体中文. What is missing here is said in English. */
export const zh: Partial<Record<MessageKey, string>> = {};
