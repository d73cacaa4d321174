import { defineApi } from '@flotilla/kit/api';
import { pageQueryShape, recordIdParameter } from '@flotilla/kit/resource';
import { z } from 'zod';
import { newTinyGadgetSchema, tinyGadgetChangeSchema, tinyGadgetSchema } from './tiny-gadget.ts';

const all = '/tiny-gadgets';
const one = { path: `${all}/{id}`, params: { id: recordIdParameter }, errors: ['NOT_FOUND'] } as const;

/** What the service offers: its routes, `/openapi.json` and `/docs`, and the clients of its callers are made of this. */
export const tinyGadgetApi = defineApi(
  { tag: 'tiny gadgets', errors: ['STORAGE_UNAVAILABLE'] },
  {
    listTinyGadgets: {
      method: 'GET',
      path: all,
      summary: 'List the tiny gadgets, in the order of their ids',
      query: { ...pageQueryShape },
      answers: { 200: z.array(tinyGadgetSchema) },
      paged: true,
    },
    createTinyGadget: {
      method: 'POST',
      path: all,
      summary: 'Add a tiny gadget',
      body: newTinyGadgetSchema,
      answers: { 201: tinyGadgetSchema },
      location: ({ id }: { id: number }) => `${all}/${id}`,
    },
    getTinyGadget: { ...one, method: 'GET', summary: 'Find a tiny gadget', answers: { 200: tinyGadgetSchema } },
    // With `If-Match` a record is changed or removed only if it has not changed since it was read.
    updateTinyGadget: {
      ...one,
      method: 'PATCH',
      summary: 'Change a tiny gadget',
      body: tinyGadgetChangeSchema,
      answers: { 200: tinyGadgetSchema },
      conditional: true,
    },
    deleteTinyGadget: {
      ...one,
      method: 'DELETE',
      summary: 'Delete a tiny gadget',
      answers: { 204: null },
      conditional: true,
    },
  },
);
