export { assertAsDescribed, type DescribedService } from './assert-as-described.ts';
export { assertValidDocument } from './assert-valid-document.ts';
