import { addOperation, type HttpApp } from '@flotilla/kit/http';
import { tinyGadgetApi } from './tiny-gadget-api.ts';
import type { TinyGadgetStore } from './tiny-gadget-store.ts';

/** All routes of the service, except health, metrics and documents. */
export function addTinyGadgetRoutes(app: HttpApp, tinyGadgets: TinyGadgetStore): void {
  addOperation(app, tinyGadgetApi.listTinyGadgets, ({ query }) => tinyGadgets.page(query));
  addOperation(app, tinyGadgetApi.createTinyGadget, ({ body }) => tinyGadgets.add(body));
  addOperation(app, tinyGadgetApi.getTinyGadget, ({ params }) => tinyGadgets.get(params.id));
  addOperation(app, tinyGadgetApi.updateTinyGadget, ({ params, body, condition }) =>
    tinyGadgets.change(params.id, body, condition),
  );
  addOperation(app, tinyGadgetApi.deleteTinyGadget, ({ params, condition }) =>
    tinyGadgets.remove(params.id, condition),
  );
}
