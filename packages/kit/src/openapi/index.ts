export { type ApiDocument, type ApiDocumentOptions, apiDocument } from './api-document.ts';
export { type DocumentsOptions, documentPaths, serveDocuments } from './serve-documents.ts';
