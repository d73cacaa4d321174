import { lineOfText } from '@flotilla/kit/resource';
import { z } from 'zod';

/** A tiny gadget as the service keeps and shows it. */
export interface TinyGadget {
  /** Given by the service, and never again to another. */
  readonly id: number;
  readonly name: string;
}

/** What `POST /tiny-gadgets` takes. Unknown fields are refused, so that a misspelt one is noticed. */
export const newTinyGadgetSchema = z.strictObject({ name: lineOfText(100) });

/** What `PATCH /tiny-gadgets/{id}` takes. */
export const tinyGadgetChangeSchema = newTinyGadgetSchema;
