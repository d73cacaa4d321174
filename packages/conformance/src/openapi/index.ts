export { assertValidDocument } from './assert-valid-document.ts';
