import { lineOfText, recordIdSchema } from '@flotilla/kit/resource';
import { z } from 'zod';

/** A tiny gadget as the service stores and returns it. */
export interface TinyGadget {
  /** Assigned by the service, and never reused. */
  readonly id: number;
  readonly name: string;
}

/** A tiny gadget in an answer. */
export const tinyGadgetSchema = z.object({ id: recordIdSchema, name: z.string() }).meta({ id: 'TinyGadget' });

/** The body of `POST /tiny-gadgets`. Unknown fields are refused, so that a misspelt one is noticed. */
export const newTinyGadgetSchema = z.strictObject({ name: lineOfText(100) });

/** The body of `PATCH /tiny-gadgets/{id}`. */
export const tinyGadgetChangeSchema = newTinyGadgetSchema;
