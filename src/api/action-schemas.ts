import { z } from 'zod';

export const decline = z.strictObject({ reason: z.string().trim().max(500).default('') });
