export { createAdminApp } from './admin-app.ts';
export type { OperatorsPage } from './operators-page.ts';
