export { assertAsDescribed, type DescribedService } from './assert-as-described.ts';
export { assertValidDocument, documentValidator } from './assert-valid-document.ts';
