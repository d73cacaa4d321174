export { type ApiDocument, type ApiDocumentOptions, apiDocument } from './api-document.ts';
export { docsPage, docsPolicy } from './docs-page.ts';
export { isJsonObject, type JsonObject } from './json.ts';
export { errorResponses, problemComponents } from './problem-parts.ts';
export { type DocumentsOptions, documentPaths, serveDocuments } from './serve-documents.ts';
